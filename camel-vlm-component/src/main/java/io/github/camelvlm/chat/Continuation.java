package io.github.camelvlm.chat;

/** Where the prompt of a conversation ends, and so what the answer goes on with. */
public enum Continuation {
    /** A new turn of the assistant has begun, whatever role spoke last. */
    NEW_TURN,
    /** The last turn is left open, and the answer goes on with its text. */
    LAST_TURN,
    /** The last turn has ended, and none has begun: whose comes next is the model's to say. */
    NONE,
    /**
     * There is no conversation: the text of the only turn is the whole prompt, with what the model's special tokens are
     * written as, and a picture for each place that it shows.
     */
    RAW
}
