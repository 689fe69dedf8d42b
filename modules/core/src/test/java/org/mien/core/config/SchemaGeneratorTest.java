package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.core.config.Recipe.MINIMAL;
import static org.mien.core.config.Recipe.parse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.Crop;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class SchemaGeneratorTest {
  private static final Schema SCHEMA = compile(SchemaGenerator.toJsonSchema(Recipe.class));

  @Test
  void describesAVariantByItsTypes() {
    assertEquals(
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Crop",
          "$ref": "#/$defs/Crop",
          "$defs": {
            "Crop": {
              "title": "Crop",
              "type": "object",
              "properties": {
                "type": {
                  "enum": [ "none", "centre" ]
                }
              },
              "required": [ "type" ],
              "allOf": [ {
                "if": {
                  "properties": {
                    "type": {
                      "const": "none"
                    }
                  },
                  "required": [ "type" ]
                },
                "then": {
                  "$ref": "#/$defs/Crop.None"
                }
              }, {
                "if": {
                  "properties": {
                    "type": {
                      "const": "centre"
                    }
                  },
                  "required": [ "type" ]
                },
                "then": {
                  "$ref": "#/$defs/Crop.Centre"
                }
              } ]
            },
            "Crop.Centre": {
              "title": "Crop.Centre",
              "type": "object",
              "properties": {
                "type": {
                  "const": "centre"
                },
                "fraction": {
                  "description": "Side of the crop as a fraction of the image's side.",
                  "type": "number",
                  "exclusiveMinimum": 0,
                  "maximum": 1
                }
              },
              "required": [ "fraction" ],
              "additionalProperties": false
            },
            "Crop.None": {
              "title": "Crop.None",
              "type": "object",
              "properties": {
                "type": {
                  "const": "none"
                }
              },
              "additionalProperties": false
            }
          }
        }
        """,
        SchemaGenerator.toJsonSchema(Crop.class));
  }

  @Test
  void isItselfAValidSchema() throws JsonProcessingException {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(
                    "https://json-schema.org/draft/2020-12/schema"));
    assertEquals(
        List.of(),
        meta.validate(new ObjectMapper().readTree(SchemaGenerator.toJsonSchema(Recipe.class))));
  }

  @Test
  void keepsDefaultsAsJson() throws JsonProcessingException {
    JsonNode data =
        new ObjectMapper()
            .readTree(SchemaGenerator.toJsonSchema(Recipe.class))
            .at("/$defs/Recipe.Data/properties");
    assertEquals("{\"type\":\"none\"}", data.at("/crop/default").toString());
    assertEquals("[0.8,0.2]", data.at("/fractions/default").toString());
    assertEquals("\"rgb\"", data.at("/colorOrder/default").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "training: {}",
        "training: {epochs: 1e2, learningRate: 5, decay: null}",
        "training: {epochs: 3.0}",
        "training: {epochs: 0x10}",
        "expect: {a.b: {atLeast: 1}, 5: {atLeast: .5}}",
      })
  void acceptsWhatTheLoaderAccepts(String lines) {
    String yaml = MINIMAL + lines + "\n";
    parse(yaml);
    assertEquals(List.of(), errors(yaml));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown: 1",
        "training: {epochs: 0}",
        "training: {epochs: 3.5}",
        "training: {epochs: 3000000000}",
        "training: {epochs: '3'}",
        "training: {epochs: null}",
        "training: {batchSize: 4098}",
        "training: {learningRate: 0}",
        "training: {learningRate: fast}",
        "training: {learnigRate: 1}",
        "training: {cache: yes}",
        "training: {maxSeconds: 0}",
        "training: {decay: -1}",
        "training: []",
        "training:",
        "expect: {a: 1}",
        "expect: {a: {atLeast: x}}",
      })
  void refusesWhatTheLoaderRefuses(String lines) {
    assertBothRefuse(MINIMAL + lines + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{folder: 5}",
        "{folder: a, colorOrder: RGB}",
        "{folder: a, crop: {}}",
        "{folder: a, crop: none}",
        "{folder: a, crop: {type: oval}}",
        "{folder: a, crop: {type: none, fraction: 1}}",
        "{folder: a, crop: {type: centre}}",
        "{folder: a, crop: {type: centre, fraction: 0}}",
        "{folder: a, fractions: [2]}",
        "{folder: a, fractions: 1}",
        "{folder: a, sources: [{}]}",
        "{folder: a, sources: [{folder: a, weight: 0}]}",
        "{folder: a, keep: [1]}",
        "[]",
      })
  void refusesNestedValuesThatTheLoaderRefuses(String data) {
    assertBothRefuse(MINIMAL.replace("\n  folder: faces", " " + data));
  }

  @Property(tries = 100)
  void acceptsWhatTheWriterWrites(@ForAll("recipes") Recipe recipe) {
    String yaml = ConfigWriter.toYaml(recipe);
    assertEquals(List.of(), errors(yaml), yaml);
  }

  @Provide
  Arbitrary<Recipe> recipes() {
    return RecipeArbitraries.recipes();
  }

  private static void assertBothRefuse(String yaml) {
    assertThrows(ConfigException.class, () -> parse(yaml, Map.of()));
    assertTrue(!errors(yaml).isEmpty(), () -> "the schema accepts\n" + yaml);
  }

  private static List<?> errors(String yaml) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    Object value = new Load(settings).loadFromString(yaml);
    return SCHEMA.validate(new ObjectMapper().<JsonNode>valueToTree(value));
  }

  private static Schema compile(String schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }
}
