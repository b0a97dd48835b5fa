import { expect, it } from "vitest";
import { makemore } from "../../grader/course/makemore/network.ts";
import { gradedTensorsOf, type Network } from "../../grader/network/network.ts";
import { rungsOf } from "../../grader/report/ladder/layout.ts";
import { attention } from "../networks/attention/network.ts";
import { regression } from "../networks/regression/network.ts";
import { ladderText } from "./ladder-text.ts";

const networks: readonly Network[] = [makemore, attention, regression];
const ladderOf = ({ lines, indices }: Network): ReturnType<typeof rungsOf> => rungsOf(lines, (name) => name in indices);

it.each(networks.map((network) => [network.name, network] as const))("the ladder of %s", async (name, network) => {
  await expect(`${ladderText(ladderOf(network))}\n`).toMatchFileSnapshot(`${name}.txt`);
});

it.each(networks.map((network) => [network.name, network] as const))(
  "read from the bottom up, the rungs of %s are in the order in which its gradients are asked for",
  (_, network) => {
    const graded = gradedTensorsOf(network);
    const climbed = ladderOf(network)
      .map(({ name }) => name)
      .reverse();
    expect(climbed.filter((name) => graded.includes(name))).toEqual(graded);
  },
);

it.each(networks.map((network) => [network.name, network] as const))(
  "in %s, each use of a tensor is one lane, which no other crosses into between its two rungs",
  (_, network) => {
    const rungs = ladderOf(network);
    const uses = network.lines.flatMap(({ output, inputs }) =>
      inputs.filter((name) => !(name in network.indices)).map((name) => `${name} to ${output}`),
    );
    expect(rungs.flatMap(({ forks }) => forks.map(({ from, to }) => `${from} to ${to}`)).sort()).toEqual(uses.sort());
    for (const { lane, from, to } of rungs.flatMap(({ forks }) => forks)) {
      const [first, last] = [from, to].map((name) => rungs.findIndex((rung) => rung.name === name)) as [number, number];
      expect(first, `${from} to ${to}`).toBeLessThan(last);
      expect(rungs[last]!.joins, `${from} to ${to}`).toContainEqual({ lane, from, to });
      for (const between of rungs.slice(first + 1, last)) {
        expect(between.lane, between.name).not.toBe(lane);
        expect(between.passes.filter((one) => one.lane === lane)).toEqual([{ lane, from, to }]);
      }
    }
  },
);
