package dev.aiproxy.internal.insight;

/** What a place in a JSON answer tells, whichever vendor's it is. */
enum Fact {
    /** Text: the name of the model. */
    MODEL,
    /** Text: a kind of event, of which a few are the last of their stream. */
    TYPE,
    /** Text: a piece of what the model has to say. */
    TOKEN,
    /** Text: why the model has stopped, so that nothing comes behind. */
    FINISH_REASON,
    /** True in the last event of a stream. */
    DONE,
    /** Number: tokens of the request, so far. */
    INPUT_TOKENS,
    /** Number: tokens of the answer, so far. */
    OUTPUT_TOKENS
}
