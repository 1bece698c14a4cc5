const HIDDEN_SECONDS = 30;
const ANSWER_SECONDS = 10;

/** Asks one address again and again, and shows what is new of its answers. */
export class Feed {
  #seconds;
  #show;
  #done;
  #timer;
  #shown;
  /** Counts what was asked, so that an answer that comes too late is not shown. */
  #asked = 0;

  /** @param done is told of each answer, with what was wrong with it or null, before it is shown */
  constructor(url, seconds, show, done) {
    this.url = url;
    this.#seconds = seconds;
    this.#show = show;
    this.#done = done;
  }

  ask(url = this.url) {
    this.stop();
    this.url = url;
    this.#shown = null;
    this.#ask(this.#asked);
  }

  stop() {
    this.#asked++;
    clearTimeout(this.#timer);
  }

  async #ask(asked) {
    const { text, answer, error } = await fetchJson(this.url);
    if (asked !== this.#asked) {
      return;
    }
    const seconds = document.hidden ? HIDDEN_SECONDS : this.#seconds;
    this.#timer = setTimeout(() => this.#ask(asked), seconds * 1000);
    this.#done(error, this);
    if (error === null && text !== this.#shown) {
      this.#shown = text;
      this.#show(answer);
    }
  }
}

async function fetchJson(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_SECONDS * 1000) });
    const text = await response.text();
    const answer = JSON.parse(text);
    return { text, answer, error: response.ok ? null : `${response.status}: ${answer.error}` };
  } catch (e) {
    return { error: e.message };
  }
}
