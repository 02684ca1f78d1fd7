/**
 * The words of this project, one per thing, the same in types, records, routes, flags and table headers.
 *
 * - experiment:          one search: a config, a search space, a tuner, an optional assessor, a training service, a journal
 * - trial job:           one unit of work of a training service: one process that hosts phases. Id: 5 characters, first a letter
 * - phase:               one evaluation of one set of parameters inside a trial job
 * - parameters:          one point of the search space, or any JSON that a custom tuner proposes
 * - parameter id:        integer from 0, unique in the experiment, never reused
 * - parameter index:     0, 1, 2 ... inside one trial job
 * - intermediate result: many per phase; `sequence` counts from 0 in the phase
 * - final result:        at most one per phase: a number, an object with numeric `default` or with a number for each of several objectives,
 *                        or any JSON for custom tuners
 * - tuner:               proposes parameters, learns from results; knows the trial job that asks
 * - assessor:            looks at one phase's intermediate results and may stop that phase; never proposes
 * - advisor:             tuner and assessor in one
 * - training service:    starts, watches and cancels trial jobs somewhere
 * - journal:             the append-only record of everything that happened; the only durable truth
 */
export * from "./json.ts";
export * from "./errors.ts";
export * from "./random.ts";
export * from "./search-space.ts";
export * from "./flat-space.ts";
export * from "./config.ts";
export * from "./tuner.ts";
export * from "./assessor.ts";
export * from "./training-service.ts";
export * from "./records.ts";
export * from "./state.ts";
export * from "./objective.ts";
export * from "./pareto.ts";
export * from "./path-text.ts";
export * from "./map-leaves.ts";
export * from "./secret-names.ts";
export * from "./redactor.ts";
export * from "./sealing.ts";
