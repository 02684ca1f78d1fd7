import { describe, expect, test } from "vitest";
import type { ExperimentConfig, Json } from "./index.ts";
import { isSecretName, redactor, seal, sealedNames, unseal } from "./index.ts";

describe("the name of a setting", () => {
  const secret = `password passWord PASSWD passwd sshPassword db_password DB_PASS mysql_pwd passphrase token TOKEN hf_token
    HF-TOKEN hfToken accessToken access_tokens GITHUB_TOKEN2 secret clientSecret CLIENT_SECRET secrets apiKey api_key APIKEY
    API-Key WANDB_API_KEY openai.api.key accessKey AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY privateKey private-key credentials
    AWS_CREDENTIAL creds authorization connectionString signing_key rootpassword dbpassword`;
  test.each(secret.split(/\s+/))("%s calls it a secret", (name) => expect(isSecretName(name)).toBe(true));

  const harmless = `max_tokens MAX_TOKENS maxTokens tokens num_tokens tokenizer tokenizer_name keyPath key_path key keys
    private_key_path passwordFile token_url tokenUrl eos_token pad_token pad_token_id token_ids max_token token_embedding
    monkey passes pass PWD OLDPWD pwd compass passenger secretary secret_name username user optimize_mode seed gamma
    detokenize batch_size keyboard accesslog authorName PATH`;
  test.each(harmless.split(/\s+/))("%s does not", (name) => expect(isSecretName(name)).toBe(false));
});

const config = (settings: object): ExperimentConfig =>
  ({
    tuner: { kind: "builtin", name: "TPE", classArgs: {} },
    assessor: null,
    trial: { command: "true", env: {} },
    trainingService: { platform: "local", options: {} },
    searchSpace: { token: { _type: "choice", _value: ["a-token"] } },
    ...settings,
  }) as unknown as ExperimentConfig;

describe("sealing", () => {
  test("takes every secret out, names it by its place, and leaves everything else as it is", () => {
    const open = config({
      tuner: {
        kind: "builtin",
        name: "T",
        classArgs: { api_key: "k-1", list: [{ passWord: 12345678 }], n: 3 },
      },
      trial: {
        command: "true",
        env: { WANDB_API_KEY: "k-2", "MY.TOKEN": "k-3", GREETING: "hello", MAX_TOKENS: "5" },
      },
      trainingService: {
        platform: "pai",
        options: {
          user: "me",
          credentials: { a: "k-4", deep: ["k-5"] },
          proxy: "http://me:pw@host",
          token: "",
        },
      },
      secrets: ["trial.env.GREETING"],
    });
    const { config: sealed, secrets } = seal(open);
    expect(Object.fromEntries(secrets)).toEqual({
      "tuner.classArgs.api_key": "k-1",
      "tuner.classArgs.list[0].passWord": 12345678,
      "trial.env.WANDB_API_KEY": "k-2",
      'trial.env["MY.TOKEN"]': "k-3",
      "trial.env.GREETING": "hello",
      "trainingService.options.credentials.a": "k-4",
      "trainingService.options.credentials.deep[0]": "k-5",
      "trainingService.options.proxy": "http://me:pw@host",
    });
    expect(sealed.trial.env).toEqual({
      WANDB_API_KEY: "sealed:trial.env.WANDB_API_KEY",
      "MY.TOKEN": 'sealed:trial.env["MY.TOKEN"]',
      GREETING: "sealed:trial.env.GREETING",
      MAX_TOKENS: "5",
    });
    expect(sealed.trainingService.options).toMatchObject({ user: "me", token: "" });
    expect(sealed.searchSpace).toEqual(open.searchSpace);
    expect(sealed).not.toHaveProperty("secrets");
    expect(sealedNames(sealed).toSorted()).toEqual([...secrets.keys()].toSorted());
    const { secrets: _named, ...unsealed } = open;
    expect(unseal(sealed as unknown as Json, secrets)).toEqual(unsealed);
  });

  test("tells a marker from a value that looks like one", () => {
    const env = { A: "sealed:trial.env.B_TOKEN", B_TOKEN: "sealed:=x", C: "sealed:=y" };
    const { config: sealed, secrets } = seal(config({ trial: { env } }));
    expect(sealedNames(sealed)).toEqual(["trial.env.B_TOKEN"]);
    expect(unseal(sealed.trial.env, secrets)).toEqual(env);
  });

  test("survives keys that are names of an object's own parts", () => {
    const args = JSON.parse('{"__proto__": {"token": "k-1"}, "constructor": {"token": "k-2"}}') as Json;
    const { config: sealed, secrets } = seal(
      config({ tuner: { kind: "builtin", name: "T", classArgs: args } }),
    );
    expect([...secrets.values()]).toEqual(["k-1", "k-2"]);
    expect(JSON.stringify(unseal(sealed.tuner.classArgs, secrets))).toBe(JSON.stringify(args));
    expect(({} as { token?: string }).token).toBeUndefined();
  });
});

describe("redacting", () => {
  test("replaces every secret, the longest first, and leaves short ones alone", () => {
    const { redact, add } = redactor(["hunter2-long", "hunter2", "ab", "pa55wörd"]);
    expect(redact("a hunter2-long, hunter2 and ab; pa55wörd=pa55wörd")).toBe("a ***, *** and ab; ***=***");
    expect(redact("nothing to hide")).toBe("nothing to hide");
    add("hide");
    add("nothing");
    expect(redact("nothing to hide")).toBe("*** to hide");
  });

  test("finds a secret in quotes, in an address, in parts, and cut off behind", () => {
    const { redact } = redactor([
      'with"quote',
      "with space&more",
      "-----BEGIN-----\nMIIEvQIBADANBg\nx",
      "0123456789abcdefghij",
    ]);
    expect(redact(JSON.stringify({ key: 'with"quote' }))).toBe('{"key":"***"}');
    expect(redact(`?key=${encodeURIComponent("with space&more")}`)).toBe("?key=***");
    expect(redact("line: MIIEvQIBADANBg")).toBe("line: ***");
    expect(redactor(["Bearer abcdefgh1234"]).redact("the token abcdefgh1234")).toBe("the token ***");
    expect(redact("got 0123456789abc...")).toBe("got ***...");
    expect(redact("got 012345678")).toBe("got ***");
    expect(redact("got 0123456")).toBe("got 0123456"); // a third of it tells nothing yet
    expect(redactor(["postgres://me:s3cret-word@host/db"]).redact("password s3cret-word")).toBe(
      "password ***",
    );
  });

  test("knows as many secrets as there are", () => {
    const many = redactor(Array.from({ length: 20_000 }, (_, index) => `token-${index}-${"x".repeat(30)}`));
    const text = "a line of a log, without a secret in it. ".repeat(2_000);
    expect(many.redact(text)).toBe(text);
    expect(many.redact(`${text}token-19999-${"x".repeat(30)}`)).toBe(`${text}***`);
  });
});
