package org.mien.trainer.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import org.mien.core.error.DataException;
import org.mien.trainer.loop.TrainingState;

/** A training's state as text beside the weights; numbers that are not finite stay themselves. */
final class TrainingStateFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private TrainingStateFile() {}

  static String text(TrainingState state) {
    try {
      return MAPPER.writeValueAsString(state);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers can always be written", e);
    }
  }

  static TrainingState parse(String text, Path file) {
    try {
      return MAPPER.readValue(text, TrainingState.class);
    } catch (JsonProcessingException e) {
      throw DataException.in(file, "its state cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
