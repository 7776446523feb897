import { useEffect, useState } from "preact/hooks";
import type { Loaded } from "./api.js";

export type LoadedPicture = Loaded<HTMLImageElement>;

/** The picture at an address, decoded; null asks for none. */
export function usePicture(url: string | null): LoadedPicture {
  const [loaded, setLoaded] = useState<{ readonly url: string | null; readonly picture: LoadedPicture }>({
    url: null,
    picture: { state: "loading" },
  });
  useEffect(() => {
    if (url === null) return;
    let current = true;
    const image = new Image();
    image.src = url;
    const settle = (picture: LoadedPicture): void => {
      if (current) setLoaded({ url, picture });
    };
    image.decode().then(
      () => settle({ state: "ready", value: image }),
      () => settle({ state: "failed", message: "This picture could not be made." }),
    );
    return () => {
      current = false;
    };
  }, [url]);
  return loaded.url === url ? loaded.picture : { state: "loading" };
}
