package org.mien.data.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * A template list of the MegaFace development kit: a JSON object with a list of images, {@code
 * "path"}, and, in lists of probes, a list of who each shows, {@code "id"}.
 *
 * @param paths as the list has them, relative to the folder of the images
 * @param ids of the images, in the same order; empty in lists of distractors
 */
public record MegafaceList(List<String> paths, Optional<List<String>> ids) {
  /** The kit's longest list has a million paths; MF2's has 4.7 million. */
  private static final int MAXIMUM_ENTRIES = 20_000_000;

  public MegafaceList {
    paths = List.copyOf(paths);
    ids = ids.map(List::copyOf);
    if (ids.isPresent() && ids.get().size() != paths.size()) {
      throw new IllegalArgumentException(paths.size() + " paths and " + ids.get().size() + " ids");
    }
  }

  /**
   * Reads a list.
   *
   * @throws DataException if it is not such an object, a path would leave its folder or comes
   *     twice, or paths and ids are not equally many
   */
  public static MegafaceList read(Path file) {
    List<String> paths = null;
    List<String> ids = null;
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      require(file, json, json.nextToken() == JsonToken.START_OBJECT, "an object");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        require(file, json, json.nextToken() == JsonToken.START_ARRAY, "a list for " + name);
        if (name.equals("path")) {
          paths = texts(file, json);
        } else if (name.equals("id")) {
          ids = texts(file, json);
        } else {
          throw DataException.atLine(
              file, line(json), "expected the keys path and id, found " + TextLines.quoted(name));
        }
      }
      require(file, json, json.currentToken() == JsonToken.END_OBJECT, "the object's end");
      require(file, json, json.nextToken() == null, "nothing after the object");
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      throw DataException.in(file, "is missing; expected a MegaFace list", e);
    } catch (JsonParseException | StreamConstraintsException e) {
      JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
      throw DataException.atLine(
          file, at.getLineNr(), "at column " + at.getColumnNr() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    if (paths == null) {
      throw DataException.in(file, "has no list named path");
    }
    if (ids != null && ids.size() != paths.size()) {
      throw DataException.in(file, "has " + paths.size() + " paths and " + ids.size() + " ids");
    }
    Set<String> seen = new HashSet<>();
    for (String path : paths) {
      if (!seen.add(TextLines.key(file, 1, path))) {
        throw DataException.in(file, "names " + TextLines.quoted(path) + " twice");
      }
    }
    return new MegafaceList(paths, Optional.ofNullable(ids));
  }

  private static List<String> texts(Path file, JsonParser json) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      // Identities of the second challenge are numbers.
      require(
          file,
          json,
          token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT,
          "a text");
      require(
          file, json, texts.size() < MAXIMUM_ENTRIES, "at most " + MAXIMUM_ENTRIES + " entries");
      texts.add(json.getText());
    }
    return texts;
  }

  private static void require(Path file, JsonParser json, boolean fine, String expected) {
    if (!fine) {
      throw DataException.atLine(
          file,
          line(json),
          "expected " + expected + " at column " + json.currentTokenLocation().getColumnNr());
    }
  }

  private static long line(JsonParser json) {
    return json.currentTokenLocation().getLineNr();
  }

  /** Writes the list as the kit's scripts read it. */
  public void write(Path file) {
    AtomicFiles.write(
        file,
        out -> {
          JsonGenerator json = new JsonFactory().createGenerator(out);
          json.writeStartObject();
          write(json, "path", paths);
          if (ids.isPresent()) {
            write(json, "id", ids.get());
          }
          json.writeEndObject();
          json.flush();
        });
  }

  private static void write(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /**
   * Returns a path of FaceScrub in the form in which its two styles are equal: {@code Michael
   * Landes/Michael Landes_43667.jpg} and {@code Michael_Landes/Michael_Landes_43667.png} both give
   * {@code Michael_Landes/Michael_Landes_43667}.
   */
  public static String faceScrubName(String path) {
    int dot = path.lastIndexOf('.');
    int slash = path.lastIndexOf('/');
    return (dot > slash + 1 ? path.substring(0, dot) : path).replace(' ', '_');
  }

  /**
   * Reads a list of images whose labels are wrong, as InsightFace publishes them for MegaFace
   * ({@code facescrub_noises.txt}, {@code megaface_noises.txt}): a name or path a line, or a
   * number, a tab and a path; lines that begin with {@code #} are comments.
   */
  public static Set<String> readNoises(Path file) {
    Set<String> names = new HashSet<>();
    TextLines.read(
        file,
        "a list of noisy images, one a line",
        (line, text) -> {
          if (!text.startsWith("#")) {
            String[] fields = text.split("\t", -1);
            names.add(TextLines.key(file, line, fields[fields.length > 1 ? 1 : 0]));
          }
        });
    return names;
  }

  /** Returns the list without the images that a list of noises names, by path or by file name. */
  public MegafaceList without(Set<String> noises) {
    Set<String> unwanted = new HashSet<>();
    noises.forEach(noise -> unwanted.add(faceScrubName(noise)));
    List<String> keptPaths = new ArrayList<>();
    List<String> keptIds = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      String whole = faceScrubName(paths.get(i));
      if (!unwanted.contains(whole)
          && !unwanted.contains(whole.substring(whole.lastIndexOf('/') + 1))) {
        keptPaths.add(paths.get(i));
        if (ids.isPresent()) {
          keptIds.add(ids.get().get(i));
        }
      }
    }
    return new MegafaceList(keptPaths, ids.map(all -> keptIds));
  }
}
