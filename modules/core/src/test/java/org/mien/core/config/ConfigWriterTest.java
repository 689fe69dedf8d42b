package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mien.core.config.Recipe.MINIMAL;
import static org.mien.core.config.Recipe.parse;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.mien.core.preprocessing.Crop;

class ConfigWriterTest {
  record Texts(@Setting("a") List<String> texts) {}

  record Limit(@Setting("a") double value) {}

  @Test
  void writesEveryDefaultInTheOrderOfTheComponents() {
    assertEquals(
        """
        name: first
        seed: 1
        data:
          folder: faces
          colorOrder: RGB
          crop:
            type: none
          fractions: [0.8, 0.2]
          sources:
            - folder: /data/a
              weight: 1.0
          keep: ['5', b]
        training:
          epochs: 10
          batchSize: 64
          learningRate: 1.0E-5
          cache: true
          decay: null
        loss:
          type: arcface
          marginRadians: 0.5
          scale: 64.0
        expect: {}
        """,
        ConfigWriter.toYaml(
            parse(
                MINIMAL,
                "loss.type=arcface",
                "data.sources=[{folder: '${MIEN_DATA}/a'}]",
                "data.keep=['5', b]",
                "training={learningRate: 1e-5, decay: null}")));
  }

  @Property(tries = 100)
  void whatItWritesLoadsAsAnEqualRecord(@ForAll("recipes") Recipe recipe) {
    String yaml = ConfigWriter.toYaml(recipe);
    assertEquals(recipe, parse(yaml, Map.of()), yaml);
    assertEquals(yaml, ConfigWriter.toYaml(parse(yaml, Map.of())));
  }

  @Provide
  Arbitrary<Recipe> recipes() {
    return RecipeArbitraries.recipes();
  }

  @Test
  void everyCharacterComesBackAnywhereInAList() {
    for (int block = 0; block < 0x10000; block += 0x100) {
      List<String> texts =
          IntStream.range(block, block + 0x100)
              .filter(c -> !Character.isSurrogate((char) c))
              .mapToObj(Character::toString)
              .flatMap(c -> Stream.of(c, "a" + c + "b", c + " "))
              .toList();
      String yaml = ConfigWriter.toYaml(new Texts(texts));
      assertEquals(
          texts, ConfigLoader.parse(yaml, "x", Texts.class, List.of(), Map.of()).value().texts());
    }
  }

  @Test
  void aVariantByItselfKeepsItsType() {
    Crop crop = new Crop.Centre(0.5);
    String yaml = ConfigWriter.toYaml(crop);
    assertEquals("type: centre\nfraction: 0.5\n", yaml);
    assertEquals(crop, ConfigLoader.parse(yaml, "x", Crop.class, List.of(), Map.of()).value());
  }

  @Test
  void refusesWhatCouldNotBeReadBack() {
    assertThrows(IllegalArgumentException.class, () -> ConfigWriter.toYaml("text"));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ConfigWriter.toYaml(new Limit(Double.NaN)));
    assertEquals("expected a finite number, was NaN", e.getMessage());
  }
}
