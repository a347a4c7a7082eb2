import { raw } from "hono/html";
import { type Html, markup } from "./html.ts";
import { STYLES } from "./styles.ts";

/**
 * What a browser sees without a token. Its styles are in it, since without a token nothing else is
 * served; `nonce` is what the content security policy of this answer names.
 */
export function renderSignIn(nonce: string, wrong: boolean): Html {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Token needed · ckworker</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(STYLES)}</style>
</head>
<body>
<main class="sign-in">
<form class="card" method="get" action="./">
<h1>${wrong ? "That is not the token" : "This page needs a token"}</h1>
<p class="quiet">It is the value of <code>--web-token</code> that this ckworker was started with.</p>
<label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button type="submit">Open the status page</button>
</form>
</main>
</body>
</html>
`;
}
