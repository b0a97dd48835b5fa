/** Ends this process when the one that started it ends, however that happens. */
export function endWithStarter(): void {
  process.on("disconnect", () => process.exit());
  process.channel?.unref();
}
