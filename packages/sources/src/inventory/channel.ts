import type { Headers } from '@leakproof/core';

/** The kind of client that sent a request, by its headers. */
export type Channel = 'web' | 'mobile' | 'device' | 'script' | 'unknown';

const AGENTS: readonly (readonly [Channel, RegExp])[] = [
  [
    'device',
    /\b(?:smart-?tv|roku|tizen|webos|appletv|playstation|xbox|bike|treadmill|watch|wearos|iot|esp32|embedded)\b/i,
  ],
  [
    'mobile',
    /okhttp|cfnetwork|darwin\/|dart\/|alamofire|dalvik|react-native|\b(?:ios|iphone os|android)\b(?!.*mozilla)/i,
  ],
  ['web', /mozilla\/|opera\//i],
  ['script', /curl|wget|python|java\/|go-http|node|undici|axios|postman|insomnia|ruby|perl|libwww|httpie|k6/i],
];

const PLATFORM_HEADERS: ReadonlySet<string> = new Set([
  'platform',
  'x-platform',
  'x-client-platform',
  'x-client-type',
  'x-client',
  'x-app-platform',
  'x-device-type',
]);

const PLATFORMS: readonly (readonly [Channel, RegExp])[] = [
  ['mobile', /ios|iphone|ipad|android|mobile/i],
  ['device', /tv|device|bike|tread|watch|console|kiosk|home/i],
  ['web', /web|browser|desktop/i],
];

/** A header that names the platform takes precedence over the user agent. */
export function channelOf(headers: Headers): Channel {
  for (const [name, value] of headers) {
    if (!PLATFORM_HEADERS.has(name)) continue;
    const named = PLATFORMS.find(([, pattern]) => pattern.test(value));
    if (named) return named[0];
  }
  const agent = headers.find(([name]) => name === 'user-agent')?.[1] ?? '';
  if (/iphone|ipad|android/i.test(agent) && /mozilla\//i.test(agent)) return 'web';
  return AGENTS.find(([, pattern]) => pattern.test(agent))?.[0] ?? 'unknown';
}

/** True for headers that contain the key of an application rather than that of a person. */
export function isApiKeyHeader(name: string): boolean {
  return /^(?:x-)?(?:api|app|client|application|functions|subscription)-?(?:key|token|id)$|-api-key$|-subscription-key$/.test(
    name,
  );
}
