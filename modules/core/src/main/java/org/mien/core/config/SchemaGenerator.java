package org.mien.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mien.core.json.Json;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Describes a configuration type as JSON Schema, draft 2020-12, from which editors complete and
 * check recipes.
 *
 * <p>It accepts what {@link ConfigLoader} accepts, but for what a schema cannot say: the rules of
 * compact constructors, duplicate keys, variables, and numbers beyond a {@code long}.
 */
public final class SchemaGenerator {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Class<?>> classOf = new TreeMap<>();
  private final Map<String, ObjectNode> definitions = new TreeMap<>();

  private SchemaGenerator() {}

  /**
   * Returns the schema, indented and ending with a newline; the same type always gives the same
   * text.
   *
   * @param type a configuration record, or a sealed interface of such records
   * @throws IllegalArgumentException if it is not a configuration type
   */
  public static String toJsonSchema(Class<?> type) {
    Defaults.check(type);
    SchemaGenerator generator = new SchemaGenerator();
    ObjectNode root = JSON.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", type.getSimpleName());
    root.setAll(generator.schema(ConfigType.of(type), Range.UNBOUNDED));
    root.set("$defs", JSON.objectNode().setAll(generator.definitions));
    return Json.toString(root) + "\n";
  }

  private ObjectNode schema(ConfigType type, Range range) {
    ObjectNode schema = JSON.objectNode();
    switch (type.kind()) {
      case TEXT, PATH -> schema.put("type", "string");
      case BOOLEAN -> schema.put("type", "boolean");
      case DOUBLE -> bounds(schema.put("type", "number"), range);
      case LONG -> bounds(schema.put("type", "integer"), range);
      case INT -> {
        bounds(schema.put("type", "integer"), range);
        if (!range.hasMin()) {
          schema.put("minimum", Integer.MIN_VALUE);
        }
        if (!range.hasMax()) {
          schema.put("maximum", Integer.MAX_VALUE);
        }
      }
      case CHOICE -> schema.set("enum", strings(type.choices()));
      case LIST -> {
        schema.put("type", "array");
        schema.set("items", schema(type.element(), range));
      }
      case MAP -> {
        schema.put("type", "object");
        schema.set("additionalProperties", schema(type.element(), range));
      }
      case OPTIONAL -> {
        ArrayNode either = schema.putArray("anyOf");
        either.add(schema(type.element(), range));
        either.addObject().put("type", "null");
      }
      case RECORD, VARIANT -> schema.put("$ref", "#/$defs/" + define(type));
    }
    return schema;
  }

  private static void bounds(ObjectNode schema, Range range) {
    if (range.hasMin()) {
      schema.set(range.exclusiveMin() ? "exclusiveMinimum" : "minimum", bound(range.min()));
    }
    if (range.hasMax()) {
      schema.set(range.exclusiveMax() ? "exclusiveMaximum" : "maximum", bound(range.max()));
    }
  }

  /** 1 rather than 1.0. */
  private static JsonNode bound(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? JSON.numberNode((long) value)
        : JSON.numberNode(value);
  }

  /** Returns the name under which the type is defined, defining it on first use. */
  private String define(ConfigType type) {
    Class<?> raw = type.raw();
    String name = raw.getName().substring(raw.getPackageName().length() + 1).replace('$', '.');
    Class<?> sameName = classOf.putIfAbsent(name, raw);
    if (sameName != null && sameName != raw) {
      throw new IllegalArgumentException(
          raw.getName() + " and " + sameName.getName() + " have the same name in the schema");
    }
    if (sameName == null) {
      ObjectNode definition = JSON.objectNode();
      definitions.put(name, definition); // before it is filled, for it may hold itself
      definition.put("title", name);
      definition.put("type", "object");
      if (type.kind() == ConfigType.Kind.VARIANT) {
        fillVariant(definition, type);
      } else {
        fillRecord(definition, raw);
      }
    }
    return name;
  }

  /**
   * Each variant behind a condition on {@code type}, so that a mistake is told for that variant.
   */
  private void fillVariant(ObjectNode definition, ConfigType type) {
    ObjectNode properties = definition.putObject("properties");
    properties.putObject(Key.TYPE).set("enum", strings(type.choices()));
    definition.set("required", strings(List.of(Key.TYPE)));
    ArrayNode cases = definition.putArray("allOf");
    type.variants()
        .forEach(
            (name, record) -> {
              ObjectNode variant = cases.addObject();
              ObjectNode condition = variant.putObject("if");
              condition.putObject("properties").putObject(Key.TYPE).put("const", name);
              condition.set("required", strings(List.of(Key.TYPE)));
              variant.set("then", schema(ConfigType.of(record), Range.UNBOUNDED));
            });
  }

  private void fillRecord(ObjectNode definition, Class<?> record) {
    ObjectNode properties = definition.putObject("properties");
    ConfigType.typeName(record)
        .ifPresent(name -> properties.putObject(Key.TYPE).put("const", name));
    List<Key> keys = Key.of(record);
    for (Key key : keys) {
      ObjectNode property = properties.putObject(key.name());
      property.put("description", key.setting().value());
      property.setAll(schema(key.type(), Range.of(key.setting())));
      if (key.hasDefault()) {
        property.set("default", yamlAsJson(key.setting().defaultValue()));
      }
    }
    List<String> required = keys.stream().filter(Key::required).map(Key::name).toList();
    if (!required.isEmpty()) {
      definition.set("required", strings(required));
    }
    definition.put("additionalProperties", false);
  }

  private static ArrayNode strings(List<String> values) {
    ArrayNode array = JSON.arrayNode();
    values.forEach(array::add);
    return array;
  }

  /** Defaults are Mien's own text and plain YAML, already checked. */
  private static JsonNode yamlAsJson(String yaml) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    return new ObjectMapper().valueToTree(new Load(settings).loadFromString(yaml));
  }
}
