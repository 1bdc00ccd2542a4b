/** Looks into models, as users see them: `explain.attention(gpt, text, "Call me Ishmael")`. */
export { type Attention, attention } from "./attention.js";
