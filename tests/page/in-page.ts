/** A page for tests, which is one of two things by its address: two sites would take twice as long to build. */
export const isFrame = location.hash === "#frame";

await (isFrame ? import("./in-frame.ts") : import("./in-browser.ts"));
