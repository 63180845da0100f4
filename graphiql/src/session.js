import { ask } from './api.js';

// The log-in of this tab: { token, refreshToken, ends, user }, or null. It outlives a reload and
// ends with the tab. `ended` is true when the server, not the person, has ended the last one.
const key = 'stoa.session';
let session = { login: JSON.parse(sessionStorage.getItem(key)), ended: false };
const listeners = new Set();

export const current = () => session;

// Calls the listener at each change; returns how to stop that.
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(login, ended = false) {
  session = { login, ended };
  if (login) {
    sessionStorage.setItem(key, JSON.stringify(login));
  } else {
    sessionStorage.removeItem(key);
  }
  listeners.forEach((listener) => listener());
}

const payload = '{ token expiresAt refreshToken user { username role } }';
const documents = {
  signUp: `mutation ($it: SignUpInput!) { it: signUp(input: $it) ${payload} }`,
  logIn: `mutation ($it: LogInInput!) { it: logIn(input: $it) ${payload} }`,
  refresh: `mutation ($it: String!) { it: refreshToken(token: $it) ${payload} }`,
};

async function begin(document, it) {
  const { data, ahead } = await ask(document, { it });
  const { token, expiresAt, refreshToken, user } = data.it;
  become({ token, refreshToken, ends: Date.parse(expiresAt) + ahead, user });
}

// input: { email, password }
export const logIn = (input) => begin(documents.logIn, input);

// input: { username, email, password }
export const signUp = (input) => begin(documents.signUp, input);

export async function logOut() {
  try {
    await ask('mutation { logOut }', {}, fetchAsViewer);
  } catch (error) {
    if (!refused(error)) {
      throw error;
    }
  }
  become(null);
}

const refused = (error) => error.codes?.includes('UNAUTHENTICATED');

let renewal; // the one under way: a refresh token is good once

// Trades the refresh token. When it is refused the log-in is over; when the server could not tell,
// it stays as it is.
function renew() {
  renewal ??= begin(documents.refresh, session.login.refreshToken)
    .catch((error) => {
      if (refused(error)) {
        become(null, true);
      }
    })
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

const margin = 30_000; // ms; a token that has less left is renewed before it is sent

// Is fetch with the token of whoever is logged in, unless the request has an Authorization of its
// own. A token that is refused is renewed, and the request sent again, once.
export async function fetchAsViewer(address, options) {
  const headers = new Headers(options.headers);
  if (headers.has('authorization')) {
    return fetch(address, options);
  }
  if (session.login?.ends < Date.now() + margin) {
    await renew();
  }
  const sent = session.login?.token;
  if (!sent) {
    return fetch(address, options);
  }
  const send = () => {
    headers.set('authorization', `Bearer ${session.login.token}`);
    return fetch(address, { ...options, headers });
  };
  const response = await send();
  if (response.status !== 401) {
    return response;
  }
  if (session.login?.token === sent) { // else another request has renewed it meanwhile
    await renew();
  }
  return session.login && session.login.token !== sent ? send() : response;
}
