import { render } from "preact";
import { Page } from "./page.js";
import "./style.css";

const target = document.getElementById("page");
if (target !== null) render(<Page />, target);
