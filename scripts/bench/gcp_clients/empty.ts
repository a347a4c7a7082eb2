import { countPages } from "./guest.ts";

countPages(async function* () {});
