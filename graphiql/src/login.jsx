import { useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';

import { current, logIn, logOut, signUp, subscribe } from './session.js';

const useSession = () => useSyncExternalStore(subscribe, current);

// A person's head and shoulders, filled when somebody is logged in.
function Icon(props) {
  const { login } = useSession();
  return (
    <svg viewBox="0 0 24 24" fill={login ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.5" {...props}>
      <circle cx="12" cy="7.5" r="4.75" />
      <path d="M2.75 22.25c0-4.5 4-7 9.25-7s9.25 2.5 9.25 7Z" />
    </svg>
  );
}

function Content() {
  const { login, ended } = useSession();
  const section = useRef();
  useEffect(() => {
    // The form that had the focus is gone when somebody has logged in or out.
    if (document.activeElement === document.body) {
      section.current.focus();
    }
  }, [login]);
  return (
    <section className="stoa-login" aria-label="Log-in" tabIndex={-1} ref={section}>
      <h2>Log-in</h2>
      {login ? <LoggedIn user={login.user} /> : <LoggedOut ended={ended} />}
    </section>
  );
}

function LoggedIn({ user }) {
  const [fault, submit, busy] = useSubmit(logOut);
  return (
    <form onSubmit={submit}>
      <p role="status">
        Logged in as <strong>{user.username}</strong> ({user.role}).
      </p>
      <p className="stoa-hint">
        Requests carry the token until this tab is closed. An Authorization of your own, among the headers, goes before it.
      </p>
      <Fault>{fault}</Fault>
      <button className="graphiql-button" aria-disabled={busy}>
        Log out
      </button>
    </form>
  );
}

// The two ways in, and the fields that each has: name, label, and what browsers may fill in.
const email = ['email', 'E-mail', { type: 'email', autoComplete: 'username' }];
const ways = [
  {
    title: 'Log in',
    enter: logIn,
    fields: [email, ['password', 'Password', { type: 'password', autoComplete: 'current-password' }]],
  },
  {
    title: 'Sign up',
    enter: signUp,
    fields: [
      ['username', 'Username', { autoComplete: 'nickname', autoCapitalize: 'off', spellCheck: false }],
      email,
      ['password', 'Password', { type: 'password', autoComplete: 'new-password' }],
    ],
  },
];

function LoggedOut({ ended }) {
  const [way, choose] = useState(ways[0]);
  return (
    <>
      {ended && <Fault>Your log-in has ended. Please log in again.</Fault>}
      <div className="graphiql-button-group" role="group" aria-label="Log in or sign up">
        {ways.map((other) => (
          <button
            key={other.title}
            type="button"
            className={`graphiql-button${other === way ? ' active' : ''}`}
            aria-pressed={other === way}
            onClick={() => choose(other)}
          >
            {other.title}
          </button>
        ))}
      </div>
      <Entrance key={way.title} way={way} />
    </>
  );
}

function Entrance({ way }) {
  const id = useId();
  const [fault, submit, busy] = useSubmit(way.enter);
  return (
    <form onSubmit={submit}>
      {way.fields.map(([name, label, more]) => (
        <p key={name}>
          <label htmlFor={id + name}>{label}</label>
          <input id={id + name} name={name} required {...more} />
        </p>
      ))}
      <Fault>{fault}</Fault>
      <button className="graphiql-button stoa-main" aria-disabled={busy}>
        {way.title}
      </button>
    </form>
  );
}

const Fault = ({ children }) => (
  <p role="alert" className="stoa-fault">
    {children}
  </p>
);

// What went wrong last, a form's onSubmit that calls act with the values of the fields, and whether
// that is still under way.
function useSubmit(act) {
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    setFault('');
    setBusy(true);
    try {
      await act(Object.fromEntries(new FormData(event.target)));
    } catch (error) {
      setFault(error.message);
    }
    setBusy(false);
  };
  return [fault, submit, busy];
}

// The plug-in of GraphiQL with which one logs in and out.
export const loginPlugin = { title: 'Log-in', icon: Icon, content: Content };
