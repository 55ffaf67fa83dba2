package io.github.camelvlm.routes.folder;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;

/**
 * Texts as the summary's CSV has them: on one line, and none that a spreadsheet takes for a formula. What would be one has
 * an apostrophe before it, as OWASP advises against CSV injection (owasp.org/www-community/attacks/CSV_Injection): names
 * of files, and what a picture says, are a stranger's words.
 */
final class CsvTexts extends SimpleModule {
    private static final long serialVersionUID = 1;

    /** The apostrophes that a text may begin with by itself are told from the added one by there being one more. */
    private static final String FORMULA = "(?s)'*[=+\\-@\t\uFF1D\uFF0B\uFF0D\uFF20].*";

    CsvTexts() {
        addSerializer(new Writer());
        addDeserializer(String.class, new Reader());
    }

    private static final class Writer extends StdScalarSerializer<String> {
        private static final long serialVersionUID = 1;

        Writer() {
            super(String.class);
        }

        @Override
        public void serialize(String text, JsonGenerator out, SerializerProvider provider) throws IOException {
            String line = text.replaceAll("\\R", " ");
            out.writeString(line.matches(FORMULA) ? "'" + line : line);
        }
    }

    private static final class Reader extends StdScalarDeserializer<String> {
        private static final long serialVersionUID = 1;

        Reader() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getText();
            return text.startsWith("'") && text.matches(FORMULA) ? text.substring(1) : text;
        }
    }
}
