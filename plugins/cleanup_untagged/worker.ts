import { serveAction } from "ckworker";
import { action } from "./action.ts";
import { manifest } from "./manifest.ts";

serveAction(action, manifest.options);
