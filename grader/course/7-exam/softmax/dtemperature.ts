import { tensor } from "#tensor";
import { sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { softmax } from "./network.ts";

export const dtemperature = gradientRoom(softmax, {
  id: "softmax-dtemperature",
  tensor: "temperature",
  title: "one number that divides all",
  idea: "A number that divides a whole matrix collects the gradient of all of its entries.",
  hints: {
    piece:
      "The slope of a quotient with respect to its divisor has a square in it and a minus. There is one temperature and a " +
      "matrix of quotients: the answer has shape [1].",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the minus is lost",
      sentence: "the sign is flipped: a quotient falls when its divisor grows, if what is divided is positive",
      look: "Let the temperature grow a little where a score is positive. Does the quotient rise or fall?",
      answer: ({ scores, temperature, dtempered }) => scores.mul(dtempered).div(temperature.pow(2)).sum().view(1),
    },
    {
      id: "not-squared",
      idea: "the exponent is not lowered",
      sentence: "the temperature is not squared: the slope of an inverse has a square in it",
      look: looks.exponentRaised,
      answer: ({ scores, temperature, dtempered }) => scores.mul(dtempered).div(temperature).sum().neg().view(1),
    },
    {
      id: "cubed",
      idea: "the square is applied to a quotient again",
      sentence: "the temperature is divided by three times: tempered contains one division already",
      look: "If the answer is written with tempered instead of scores, how often is it divided by the temperature?",
      answer: ({ tempered, temperature, dtempered }) =>
        tempered.mul(dtempered).div(temperature.pow(2)).sum().neg().view(1),
    },
    {
      id: "scores-forgotten",
      idea: "what is divided is left out",
      sentence: "the scores are missing: the slope of a quotient contains what is divided",
      look: "In y = a / t, how much does y fall for a large a, and how much for a small one?",
      answer: ({ temperature, dtempered }) => dtempered.div(temperature.pow(2)).sum().neg().view(1),
    },
    {
      id: "mean",
      idea: "the contributions are averaged",
      sentence: "the contributions of all entries are averaged: they add up",
      look: looks.mean,
      answer: ({ scores, temperature, dtempered }) =>
        scores.mul(dtempered).div(temperature.pow(2)).mean().neg().view(1),
    },
    {
      id: "not-summed",
      idea: "the copies are not added up",
      sentence: "there is a value for each score: one temperature divides them all, and collects the gradient of all",
      look: "The answer has shape [1]. Which dimensions of the matrix of quotients have to be summed for that?",
      answer: ({ scores, temperature, dtempered }) => scores.mul(dtempered).div(temperature.pow(2)).neg(),
    },
    {
      id: "summed-apart",
      idea: "the factors are summed before they are multiplied",
      sentence: "scores and gradient are summed before they are multiplied: each score belongs to its own gradient",
      look: looks.summedApart,
      answer: ({ scores, temperature, dtempered }) =>
        scores.sum().mul(dtempered.sum()).div(temperature.pow(2)).neg().view(1),
    },
    {
      id: "slope-of-factor",
      idea: "the temperature is taken for a factor",
      sentence: "the temperature is taken for a factor: the line divides by it",
      look: "Read the forward line again: which operation is between scores and temperature?",
      answer: ({ scores, dtempered }) => scores.mul(dtempered).sum().view(1),
    },
    {
      id: "other-operand",
      idea: "the gradient of the dividend is summed",
      sentence:
        "this is the sum of the gradient of scores: the slope of a quotient with respect to its divisor is another one",
      look: "Differentiate a / t with respect to t, and not to a.",
      answer: ({ temperature, dtempered }) => dtempered.div(temperature).sum().view(1),
    },
  ],

  alsoRight: [
    {
      code: "return scores.mul(dtempered).sum().neg().div(temperature.pow(2));",
      why: "From the input instead of the output: the slope of 1 / temperature is -1 / temperature squared.",
    },
  ],

  forms: [
    ({ scores, temperature, dtempered }) => scores.mul(dtempered).div(temperature.pow(2)).sum().neg().view(1),
    ({ scores, temperature, dtempered }) => scores.mul(dtempered).sum().neg().div(temperature.mul(temperature)),
    ({ tempered, temperature, dtempered }) => tempered.mul(dtempered).sum().div(temperature).neg(),
    ({ scores, temperature, dtempered }) => temperature.pow(-2).neg().mul(scores).mul(dtempered).sum([0, 1]).view(1),
    ({ scores, temperature, dtempered }) => {
      const [s, d] = [scores.toArray(), dtempered.toArray()];
      return tensor([-sum(s.length, (i) => s[i]! * d[i]!) / temperature.get(0) ** 2]);
    },
  ],
});
