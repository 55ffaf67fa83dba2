package io.github.camelvlm.openai;

/** An answer, or a piece of one, that goes to a client as JSON. */
public interface JsonBody {

    /** This as JSON, on one line. */
    default String toJson() {
        return Json.write(this);
    }
}
