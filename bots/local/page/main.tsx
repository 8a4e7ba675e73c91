import { render } from "preact";
import { App } from "./parts/app.tsx";
import { applyTheme, storedTheme } from "./parts/theme.ts";

applyTheme(storedTheme());
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
