package io.github.camelvlm.model;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.grammar.Grammar;
import java.util.Optional;

/** What an engine asks about the words of a model. Safe for use by many threads. */
public interface ModelWords {

    /** Its tokenizer. */
    Tokenizer tokenizer();

    /** What it says of sampling and of the end of a turn. */
    GenerationDefaults defaults();

    /** The number of token ids that its program knows; the tokenizer may name fewer. */
    int vocabulary();

    /** The most tokens of prompt and answer together that it was made for. */
    int maxContextLength();

    /**
     * Makes prompts for it.
     *
     * @param contextLength the most tokens that a prompt and its answer may have together
     * @param maxImagePixels the most pixels that a picture may declare before it is decoded
     */
    PromptCompiler promptCompiler(int contextLength, long maxImagePixels);

    /** How it says where things are in a picture; null if it was not trained to. */
    BoxForm boxes();

    /** Finds the calls of tools in one answer, in the form in which the model writes them. */
    ToolCallParser toolCallParser(Tools tools);

    /**
     * The texts that the tokens of an answer may make, after what the prompt has begun of a call that is demanded; empty
     * if any may.
     *
     * @param tools those of the request
     * @param format the form of an answer that calls none of them, or null if any will do
     * @throws InvalidRequestException if the form, or the parameters of a tool that is strict, are not served
     */
    default Optional<Grammar> grammar(Tools tools, AnswerFormat format) {
        return ToolGrammar.of(tools, format);
    }
}
