package io.github.camelvlm.routes.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The order in which S3 lists keys: that of their UTF-8 bytes. Java's own differs beyond U+FFFF. */
enum Utf8Order implements Comparator<String> {
    INSTANCE;

    @Override
    public int compare(String first, String second) {
        return Arrays.compareUnsigned(first.getBytes(StandardCharsets.UTF_8), second.getBytes(StandardCharsets.UTF_8));
    }
}
