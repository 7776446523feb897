/** Numbers that people give as values of options; a parser refuses what does not fit. */
import { InvalidArgumentError } from "commander";

type Parser = (text: string) => number;

/** Above zero: distances in mm, exponents. */
export const positive: Parser = checked((value) => value > 0, "must be a number above 0");

/** @param unit as it stands behind a number: " mm". */
export function between(least: number, most: number, unit = ""): Parser {
  return checked((value) => value >= least && value <= most, `must be from ${least} to ${most}${unit}`);
}

export function wholeNumber(least: number, most: number): Parser {
  return checked(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `must be a whole number from ${least} to ${most}`,
  );
}

function checked(fits: (value: number) => boolean, problem: string): Parser {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && fits(value)) return value;
    throw new InvalidArgumentError(problem);
  };
}
