/** What a helper process does (`startHelper`): one report for each order, until its parent ends. A fault ends it. */
export function answerOrders<Order>(run: (order: Order) => Promise<object>): void {
  process.on('message', (order: Order) => {
    run(order).then(
      (report) => process.send!(report),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit());
}
