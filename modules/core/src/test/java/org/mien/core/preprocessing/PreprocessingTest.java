package org.mien.core.preprocessing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;

class PreprocessingTest {
  private static Preprocessing load(String yaml) {
    return ConfigLoader.parse(yaml, "model.yaml", Preprocessing.class, List.of(), Map.of()).value();
  }

  @Test
  void hasDefaultsForAllButItsSize() {
    List<Double> grey = List.of(127.5, 127.5, 127.5);
    assertEquals(
        new Preprocessing(112, 96, ColorOrder.RGB, grey, grey, new Crop.None(), "any"),
        load("{widthPixels: 112, heightPixels: 96}"));
  }

  @Test
  void comesBackFromYaml() {
    Preprocessing preprocessing =
        new Preprocessing(
            112,
            96,
            ColorOrder.BGR,
            List.of(127.0, 1.0, 2.0),
            List.of(128.0, 1.0, 0.1),
            new Crop.Centre(0.5),
            "lfw-deepfunneled");
    assertEquals(preprocessing, load(ConfigWriter.toYaml(preprocessing)));
  }

  @Test
  void countsTheFloatsOfAnImage() {
    assertEquals(3 * 96 * 112, load("{widthPixels: 112, heightPixels: 96}").imageLength());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mean: [1, 2] | expected three means and three divisors, was mean [1.0, 2.0], std [127.5,"
            + " 127.5, 127.5]",
        "std: [1, 0, 1] | expected positive divisors, was std [1.0, 0.0, 1.0]",
        "std: [1, -1, 1] | expected positive divisors, was std [1.0, -1.0, 1.0]",
      })
  void refusesPlanesThatDoNotFit(String line, String problem) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> load("widthPixels: 112\nheightPixels: 112\n" + line + "\n"));
    assertEquals("model.yaml:1:1: " + problem, e.getMessage());
  }

  @Test
  void describesEveryFieldThatChangesPixels() {
    Set<String> descriptions =
        Stream.of(
                "{widthPixels: 112, heightPixels: 112}",
                "{widthPixels: 96, heightPixels: 112}",
                "{widthPixels: 112, heightPixels: 96}",
                "{widthPixels: 112, heightPixels: 112, colorOrder: bgr}",
                "{widthPixels: 112, heightPixels: 112, mean: [0, 0, 0]}",
                "{widthPixels: 112, heightPixels: 112, std: [1, 1, 1]}",
                "{widthPixels: 112, heightPixels: 112, crop: {type: centre, fraction: 0.5}}",
                "{widthPixels: 112, heightPixels: 112, crop: {type: centre, fraction: 0.25}}",
                "{widthPixels: 112, heightPixels: 112, alignment: arcface}")
            .map(yaml -> load(yaml).describe())
            .collect(Collectors.toSet());
    assertEquals(9, descriptions.size(), descriptions.toString());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0001, Double.NaN})
  void aCropIsAFractionOfTheImage(double fraction) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Crop.Centre(fraction));
    assertEquals("expected a fraction in (0, 1], was " + fraction, e.getMessage());
  }

  @Test
  void cropsAreToldApartByName() {
    assertNotEquals(new Crop.None().describe(), new Crop.Centre(1).describe());
  }
}
