package org.mien.core.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mien.core.error.ConfigException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a YAML 1.2 file into a configuration record and reports everything that is wrong with it at
 * once, each problem on a line of its own with its position, counted from 1:
 *
 * <pre>
 * recipe.yaml:14:9 loss.marginRadians: expected a number in [0, 1.57), was 28.6
 * recipe.yaml:20:3 training.learnigRate: unknown key; did you mean learningRate?
 * --set training.epochs: expected a whole number of at least 1, was 0
 * </pre>
 *
 * <p>A component may be a {@code String}, {@code int}, {@code long}, {@code double}, {@code
 * boolean}, {@code Path}, an enum (its constant in lower case, {@code -} for {@code _}), a nested
 * record, a sealed interface of records (chosen by {@code type:}, see {@link TypeName}), a {@code
 * List}, a {@code Map} with text keys, or an {@code Optional} of one of these. Text stays text: a
 * {@code String} key given {@code 5} is an error and wants quotes. A whole number may be written
 * {@code 1e5} or {@code 3.0}, but not {@code 3.5}. Numbers are finite. Only an {@code Optional} may
 * be {@code null} or left empty.
 *
 * <p>In {@code String} and {@code Path} values {@code ${NAME}} is replaced by the variable of that
 * name; <code>$${</code> stands for the characters <code>${</code> themselves.
 *
 * <p>An override {@code a.b.c=value} sets one key, its value parsed as YAML; {@code list.0.x} goes
 * into the first element of a list, and the index after the last appends. Missing mappings on the
 * way are created. A key that itself holds dots is found if the file has it, or is put in double
 * quotes: {@code expect."tar@far=1e-3".atLeast=0.9}. Changing {@code x.type} keeps the other keys
 * of {@code x}, which must then fit the new variant.
 *
 * <p>No Java object is ever constructed on the file's demand: tags other than YAML's own, anchors
 * and aliases are refused, and size (1 MiB) and depth (64) are bounded.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Reads a configuration file.
   *
   * @param file the YAML file, UTF-8; it appears in messages as given
   * @param type a record with {@link Setting}s, or a sealed interface of such records
   * @param overrides assignments {@code a.b.c=value} in the order they apply
   * @param variables the values of {@code ${NAME}}
   * @throws ConfigException if the file is missing, empty, not YAML or does not fit the record; its
   *     message lists every problem
   * @throws IllegalArgumentException if {@code type} itself is not a configuration type
   * @throws IllegalStateException if a default of {@code type} does not fit it
   */
  public static <T> LoadedConfig<T> load(
      Path file, Class<T> type, List<String> overrides, Map<String, String> variables) {
    return parse(read(file), file.toString(), type, overrides, variables);
  }

  /**
   * As {@link #load}, from text.
   *
   * @param fileNameForMessages what stands before the line number in messages
   */
  public static <T> LoadedConfig<T> parse(
      String yaml,
      String fileNameForMessages,
      Class<T> type,
      List<String> overrides,
      Map<String, String> variables) {
    Defaults.check(type);
    Problems problems = new Problems(fileNameForMessages);
    Node root = YamlReader.compose(yaml, fileNameForMessages, problems).orElse(null);
    problems.throwIfAny();
    if (YamlReader.isNull(root)) {
      throw new ConfigException(fileNameForMessages + ": is empty; expected a configuration");
    }
    new Overrides(problems).apply(root, overrides);
    Object value =
        new Binder(problems, new Variables(variables))
            .bind(ConfigType.of(type), root, "", Range.UNBOUNDED);
    problems.throwIfAny();
    return new LoadedConfig<>(type.cast(value), yaml);
  }

  /**
   * Checks that every default of this type, and of all types it holds, fits its component. Loading
   * does this too; a test that calls it finds a wrong default of a variant no recipe uses.
   *
   * @throws IllegalStateException naming each default that does not fit
   * @throws IllegalArgumentException if a type cannot be configured, for example for want of a
   *     {@link Setting} or {@link TypeName}
   */
  public static void checkDefaults(Class<?> type) {
    Defaults.check(type);
  }

  private static String read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new ConfigException(file + ": is a folder; expected a YAML file");
      }
      if (Files.size(file) > YamlReader.MAX_BYTES) {
        throw new ConfigException(
            file + ": is larger than a configuration may be (" + YamlReader.MAX_BYTES + " bytes)");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": does not exist; expected a YAML file", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": is not UTF-8 text; expected a YAML file", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read (" + e + ")", e);
    }
  }
}
