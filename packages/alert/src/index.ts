export type { Message, Sink } from './message.ts';
export { type AlertRecord, type AlertRule, routeRecord } from './rules.ts';
export { type MailOptions, type MailSink, mailSink } from './sinks/mail-sink.ts';
export { isSignedWebhook, type WebhookOptions, webhookSink } from './sinks/webhook-sink.ts';
