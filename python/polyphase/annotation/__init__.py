"""Search spaces out of annotated trial code: ``python3 -m polyphase.annotation CODE_DIR OUT_DIR``.

A trial says in strings of its own (``\"\"\"@nni.variable(nni.uniform(0, 1), name=rate)\"\"\"``), or by calls such as
``nni.choice(1, 2, name='x')``, what there is to search. This package reads them from every ``.py`` file below CODE_DIR,
makes the search space, and writes to OUT_DIR a copy in which they are calls that answer from the current phase's
parameters (:mod:`nni.smartparam`). Lines keep their numbers, comments and formatting stay; nothing in CODE_DIR is ever
written to.

    code_directory   which files there are, and the copy
    source_text      one file's text, and changes at places of it that keep its lines
    expand           step 1: annotations become plain code, still without keys
    smart_calls      step 2: calls of samplers get their key and become parameters of the search space
    samplers         what the arguments of a sampler must be
    layers           step 1 for ``@nni.mutable_layers``
    chosen           both steps for the code of one phase (``--chosen``): the values themselves stand in it
"""
