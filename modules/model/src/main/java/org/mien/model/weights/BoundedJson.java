package org.mien.model.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/**
 * JSON from anywhere as a tree: short, flat, with every key once and nothing after it. A tree takes
 * some twenty times the text's memory, which is why the text is short.
 */
final class BoundedJson {
  /** The table of tensors of a network of 1,000 layers takes a tenth of this. */
  static final int MAX_BYTES = 4 << 20;

  private static final int MAX_NESTING = 32;
  private static final int MAX_TEXT = 1 << 16;
  private static final int MAX_NUMBER = 64;
  private static final int EXCERPT = 60;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_NESTING)
                          .maxStringLength(MAX_TEXT)
                          .maxNameLength(MAX_TEXT)
                          .maxNumberLength(MAX_NUMBER)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private BoundedJson() {}

  /**
   * Reads a file.
   *
   * @throws DataException if it is longer than {@value #MAX_BYTES} bytes
   * @throws JsonProcessingException if it is not such JSON
   */
  static JsonNode read(Path file, long size) throws IOException {
    if (size > MAX_BYTES) {
      throw DataException.in(
          file, "has " + size + " bytes; a table of tensors in JSON has at most " + MAX_BYTES);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in.readNBytes(MAX_BYTES));
    }
  }

  /** Reads bytes in UTF-8. */
  static JsonNode read(byte[] bytes) throws IOException {
    return MAPPER.readTree(bytes);
  }

  /** The beginning of a value, for messages. */
  static String excerpt(JsonNode node) {
    return node.isContainerNode()
        ? (node.isArray() ? "a list of " : "an object of ") + node.size()
        : excerpt(node.toString());
  }

  /** The beginning of a text, for messages. */
  static String excerpt(String text) {
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "...";
  }
}
