import { html, type Html } from '@leakproof/html';

/** The form of a report. Everything but title and text is optional. */
export function reportForm(): Html {
  return html`<p>
      You may stay anonymous: nothing about you is asked. You get a return key, with which you can read our answers and
      write more.
      <a href="/policy">The policy</a> says what you may test and what we promise.
    </p>
    <form method="post" action="/report" enctype="multipart/form-data">
      <label for="title">What is the problem, in one line?</label>
      <input type="text" id="title" name="title" required maxlength="200" autocomplete="off" />
      <label for="text">How can we see it?</label>
      <p class="hint" id="text-hint">
        Steps, requests, what you saw. Please leave out data of other people: the names of fields are enough.
      </p>
      <textarea id="text" name="text" required maxlength="65536" aria-describedby="text-hint"></textarea>
      <label for="files">Proof or files (up to 5, 1 MiB each)</label>
      <p class="hint" id="files-hint">
        A proof of Leakproof, a curl command, a HAR, a Postman collection or an Arazzo description: values and
        credentials in it are not kept.
      </p>
      <input type="file" id="files" name="files" multiple aria-describedby="files-hint" />
      <label for="foreignPeople">How many other people's records did you see? (optional)</label>
      <input type="number" id="foreignPeople" name="foreignPeople" min="0" max="1000000000000" />
      ${check('isDeleted', 'I have deleted them.')} ${check('isPublic', 'It is public already.')}
      ${check('isExploited', 'Others exploit it.')}
      <fieldset>
        <legend>If you plan to publish (optional)</legend>
        <label for="plannedLocal">Date and time</label>
        <input type="datetime-local" id="plannedLocal" name="plannedLocal" />
        <label for="plannedZone">Time zone, such as Europe/Berlin</label>
        <input type="text" id="plannedZone" name="plannedZone" value="UTC" maxlength="60" autocomplete="off" />
        ${check('isEmbargoRefused', 'I do not agree to an embargo.')}
      </fieldset>
      <fieldset>
        <legend>About you (optional)</legend>
        <label for="name">Name</label>
        <input type="text" id="name" name="name" maxlength="200" autocomplete="name" />
        <label for="contact">Mail address for answers</label>
        <input type="email" id="contact" name="contact" maxlength="254" autocomplete="email" />
        ${check('isCreditWanted', 'Name me when you publish.')}
      </fieldset>
      <button type="submit">Send the report</button>
    </form>`;
}

function check(name: string, text: string): Html {
  return html`<p class="check">
    <input type="checkbox" id="${name}" name="${name}" value="yes" /><label for="${name}">${text}</label>
  </p>`;
}
