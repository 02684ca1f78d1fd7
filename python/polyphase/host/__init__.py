"""The process in which a custom tuner, assessor or advisor lives. The manager starts it: ``python3 -m polyphase.host``.

One JSON value per line on stdin and stdout, UTF-8; numbers that JSON cannot hold are spelled as :mod:`polyphase.values`
says. What the user's code prints goes to stderr, the ``dispatcher.log`` of the experiment, as does what the processes
that it starts print: the host keeps the two pipes for itself.

From the manager::

    {"kind":"start","role":"tuner"|"assessor"|"advisor","codeDir","classFileName","className","classArgs":{},
     "trialConcurrency","multiPhase","multiThread","includeIntermediateResults","resumed"}              the first line
    {"kind":"tell","messages":[...]}
        {"kind":"search-space","space"}
        {"kind":"phase-ended","customized","result":{"parameterId","trialJobId","outcome","value","parameters"}}
        {"kind":"import","rows":[{"parameters","value"}]}
        {"kind":"replay","proposals":[{"parameterId","trialJobId","parameterIndex","parameters"}]}
                       asked and answered in an earlier life: ask again, forget the answer, remember these parameters
        {"kind":"intermediate-result","parameterId","trialJobId","parameterIndex","sequence","value"}   to advisors
        {"kind":"trial-job-ended","trialJobId","status"}                                  to assessors and advisors
    {"kind":"ask","id","requests":[{"parameterId","trialJobId","parameterIndex"}]}           to tuners and advisors
    {"kind":"assess","id","parameterId","trialJobId","parameterIndex","sequence","value"}              to assessors
    {"kind":"where","id"}                                   answered at once, whatever the user's code is doing
    {"kind":"close"}                                        the orderly end; the end of the stream is the other one

To the manager::

    {"kind":"ready"}
    {"kind":"proposals","id","proposals":[{"kind":"parameters","parameters"}|{"kind":"wait"}|{"kind":"no-more"}]}
    {"kind":"verdict","id","good"}
    {"kind":"at","id","call","method"}                      calls begun so far, and which one is at work (null: none)
    {"kind":"news"}                                         what was answered "wait" may now be answered: ask again
    {"kind":"stop-phase","trialJobId","parameterId"}        from advisors
    {"kind":"log","level":"info"|"warning"|"error","message"}
    {"kind":"failed","message","method"}                    then ``_on_error()`` and exit code 1

The main thread makes all calls into the user's code, in the order of the lines; with ``multiThread`` each call has a
thread of its own, and only the calls for one trial job keep their order. A thread beside it reads the lines.
"""
