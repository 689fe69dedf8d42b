package org.mien.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * JSON the way Mien writes it: records as objects with their components in order, indented by two
 * spaces, {@code Path} and {@code Instant} as text.
 *
 * <p>A number that is not finite is written as null, for JSON has none; null for a {@code double}
 * reads back as NaN. Null or nothing for any other primitive, and unknown or duplicate keys, are
 * errors.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .addDecorator((factory, generator) -> new FiniteNumbers(generator))
                  .build())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(
              new SimpleModule("mien")
                  .addDeserializer(double.class, new NullableNumber())
                  .addSerializer(Path.class, ToStringSerializer.instance)
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  /** The same line breaks on every system. */
  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

  /** Returns the value as indented JSON, without a newline at the end. */
  public static String toString(Object value) {
    return text(WRITER, value);
  }

  /** Returns the value as JSON on one line, without a newline at the end. */
  public static String toLine(Object value) {
    return text(MAPPER.writer(), value);
  }

  private static String text(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value.getClass().getName() + " is not a JSON value", e);
    }
  }

  /**
   * Writes the value as indented JSON in UTF-8, replacing the file only when it is complete.
   *
   * @throws DataException if the file cannot be written
   */
  public static void write(Path file, Object value) {
    AtomicFiles.writeString(file, toString(value) + "\n");
  }

  /**
   * Reads a file written by {@link #write}.
   *
   * @throws DataException if it is missing, not JSON or does not fit the type, with line, column
   *     and key
   */
  public static <T> T read(Path file, Class<T> type) {
    try (InputStream in = Files.newInputStream(file)) {
      T value = MAPPER.readValue(in, type);
      if (value == null) {
        throw DataException.in(file, "holds null; expected a JSON object");
      }
      return value;
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "does not exist; expected a JSON file", e);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      throw new DataException(file + place + ":" + keyOf(e) + " " + reasonOf(e), e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
  }

  private static String keyOf(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    return mapping.getPath().stream()
        .map(r -> r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName())
        .collect(Collectors.joining(".", " ", ":"));
  }

  private static String reasonOf(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("not the expected JSON");
  }

  private static final class InstantReader extends FromStringDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String text, DeserializationContext context) {
      return Instant.parse(text);
    }
  }
}
