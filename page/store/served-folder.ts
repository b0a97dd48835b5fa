import { addresses, type FolderEvent, type ToRemember, type ToWrite, type WriteDone } from "../folder/messages.ts";
import { FolderError, type Folder } from "./folder.ts";

/** The folder exercises/ that `npm run page` serves the page with. */
export interface ServedFolder extends Folder {
  /** The folder as it was at first, with all its files. */
  readonly first: FolderEvent;
  /** Tells what changes in the folder from now on, and whether the server is there. */
  follow(changed: (event: FolderEvent) => void, isThere: (isThere: boolean) => void): void;
  /** Adds to what the commands remember; what does not arrive is no loss, since grading finds it again. */
  remember(what: ToRemember): void;
}

const TOKEN = "backprop-dojo/token";
const GONE =
  "The server of this page has stopped: what you write is kept in this browser, and goes to the folder when " +
  "npm run page runs again.";

const ELSEWHERE =
  "This address is that of an earlier npm run page, so that the page cannot reach your folder. Open the address that it " +
  "printed last.";

/**
 * The folder that the page was served with; undefined on any other site. The token leaves the address, so that nobody
 * copies it with a link.
 *
 * @throws FolderError if the token is not that of the server that runs now
 */
export async function openServedFolder(): Promise<ServedFolder | undefined> {
  if (!["127.0.0.1", "localhost"].includes(location.hostname)) return undefined;
  const token = takeToken();
  if (token === null) return undefined;
  const address = (name: string): string => `${name}?token=${encodeURIComponent(token)}`;
  const listen = (): EventSource => new EventSource(address(addresses.events));
  let events = listen();
  const first = await new Promise<FolderEvent | undefined>((resolve) => {
    events.onmessage = ({ data }: MessageEvent<string>) => resolve(JSON.parse(data) as FolderEvent);
    events.onerror = () => resolve(undefined);
  });
  if (!first) {
    events.close();
    const { status } = await fetch(address(addresses.events)).catch(() => ({ status: 0 }));
    if (status === 403) throw new FolderError(ELSEWHERE);
    return undefined;
  }
  const post = async (name: string, body: ToWrite | ToRemember): Promise<Response> => {
    const request = { method: "POST", body: JSON.stringify(body), keepalive: name === addresses.file };
    const response = await fetch(address(name), request).catch(() => undefined);
    if (!response?.ok) throw new FolderError(GONE);
    return response;
  };
  return {
    name: first.name,
    first,
    async save(file, text, base) {
      const response = await post(addresses.file, { file, text, base: base ?? null });
      const done = (await response.json()) as WriteDone;
      if ("refused" in done) throw new FolderError(done.refused);
      return "there" in done ? done.there : undefined;
    },
    follow(changed, isThere) {
      const attend = (): void => {
        events.onmessage = ({ data }: MessageEvent<string>) => changed(JSON.parse(data) as FolderEvent);
        events.onopen = () => isThere(true);
        events.onerror = () => isThere(false);
      };
      attend();
      // a browser has six connections to a server for all its tabs; a tab that is shown again is told everything
      document.addEventListener("visibilitychange", () => {
        events.close();
        if (document.visibilityState === "hidden") return;
        events = listen();
        attend();
      });
    },
    remember: (what) => void post(addresses.remember, what).catch(() => {}),
  };
}

/** The token that the address carries, or that an earlier page of this server's got. */
function takeToken(): string | null {
  const url = new URL(location.href);
  const carried = url.searchParams.get("token");
  try {
    if (carried === null) return localStorage.getItem(TOKEN);
    localStorage.setItem(TOKEN, carried);
  } catch {
    return carried; // it stays in the address, for the next time
  }
  url.searchParams.delete("token");
  history.replaceState(history.state, "", url);
  return carried;
}
