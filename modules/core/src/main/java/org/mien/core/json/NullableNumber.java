package org.mien.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;

/** Reads a {@code double} that may have been written as null; a missing one is an error. */
final class NullableNumber extends StdDeserializer<Double> {
  private static final long serialVersionUID = 1L;

  NullableNumber() {
    super(double.class);
  }

  @Override
  public Double deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> parser.getDoubleValue();
      default -> (Double) context.handleUnexpectedToken(double.class, parser);
    };
  }

  @Override
  public Double getNullValue(DeserializationContext context) {
    return Double.NaN;
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
    return context.reportInputMismatch(this, "a number is missing");
  }
}
