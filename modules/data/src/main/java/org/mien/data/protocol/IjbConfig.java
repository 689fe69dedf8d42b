package org.mien.data.protocol;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * IJB-B and IJB-C with InsightFace's lists (B. Maze et al.: IARPA Janus Benchmark C, ICB 2018):
 * {@code meta/ijbc_face_tid_mid.txt} (image, template, medium), {@code
 * meta/ijbc_template_pair_label.txt} (template, template, 0 or 1), and, for identification, tables
 * of galleries and probes with the columns {@code template_id} and {@code subject_id}.
 *
 * @param members the list of images with template and medium
 * @param pairs the pairs of templates
 * @param galleries tables of the galleries, which stay apart
 * @param probes table of the probes
 */
@TypeName("ijb")
public record IjbConfig(
    @Setting("ijbc_face_tid_mid.txt: image, template, medium.") Path members,
    @Setting("ijbc_template_pair_label.txt: template, template, 0 or 1.") Path pairs,
    @Setting(
            value = "CSV tables of the galleries, with template_id and subject_id.",
            defaultValue = "[]")
        List<Path> galleries,
    @Setting("CSV table of the probes, with template_id and subject_id.") Optional<Path> probes)
    implements ProtocolConfig {
  private static final int BUFFER = 1 << 20;

  public IjbConfig {
    galleries = List.copyOf(galleries);
  }

  @Override
  public TemplateProtocol open() {
    Members list = Members.read(members);
    Pairs compared = new Pairs(pairs, list).read();
    String name = members.getFileName().toString();
    return new TemplateProtocol(
        name.startsWith("ijbb") ? "ijb-b" : name.startsWith("ijbc") ? "ijb-c" : "ijb",
        list.images,
        list.ids,
        list.firstMember,
        list.order,
        Arrays.stream(list.order).map(row -> list.media[row]).toArray(),
        Arrays.copyOf(compared.a, compared.count),
        Arrays.copyOf(compared.b, compared.count),
        compared.genuine,
        galleries.stream().map(file -> gallery(file, list)).toList(),
        probes.map(file -> gallery(file, list)));
  }

  /** The list of images, grouped by template. */
  private static final class Members {
    private final List<String> images = new ArrayList<>();
    private int[] templates = new int[1024];
    private int[] media = new int[1024];
    private int[] ids;
    private int[] firstMember;
    private int[] order;

    static Members read(Path file) {
      Members members = new Members();
      TextLines.read(file, "IJB's list 'image template medium'", (l, t) -> members.add(file, l, t));
      members.group();
      return members;
    }

    private void add(Path file, long line, String text) {
      String[] fields = text.strip().split("\\s+", -1);
      if (fields.length != 3 || !isNumber(fields[1]) || !isNumber(fields[2])) {
        throw DataException.atLine(
            file, line, "expected 'image template medium', found " + TextLines.quoted(text));
      }
      int row = images.size();
      if (row == templates.length) {
        templates = Arrays.copyOf(templates, 2 * row);
        media = Arrays.copyOf(media, 2 * row);
      }
      images.add(TextLines.key(file, line, fields[0]));
      templates[row] = Integer.parseInt(fields[1]);
      media[row] = Integer.parseInt(fields[2]);
    }

    private void group() {
      ids = Arrays.stream(templates, 0, images.size()).sorted().distinct().toArray();
      order =
          IntStream.range(0, images.size())
              .boxed()
              .sorted(Comparator.comparingInt((Integer row) -> templates[row]))
              .mapToInt(Integer::intValue)
              .toArray();
      firstMember = new int[ids.length + 1];
      int member = 0;
      for (int template = 0; template < ids.length; template++) {
        firstMember[template] = member;
        while (member < order.length && templates[order[member]] == ids[template]) {
          member++;
        }
      }
      firstMember[ids.length] = member;
    }

    private static boolean isNumber(String text) {
      return text.length() <= 9 && !text.isEmpty() && text.chars().allMatch(Character::isDigit);
    }
  }

  /** The pairs of templates; there are millions, so bytes are parsed rather than lines split. */
  private static final class Pairs {
    private final Path file;
    private final Members members;
    private final BitSet genuine = new BitSet();
    private int[] a = new int[1 << 16];
    private int[] b = new int[1 << 16];
    private int count;
    private long line = 1;

    Pairs(Path file, Members members) {
      this.file = file;
      this.members = members;
    }

    Pairs read() {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
        byte[] buffer = new byte[BUFFER];
        int[] fields = new int[3];
        int field = 0;
        int digits = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          for (int i = 0; i < read; i++) {
            int c = buffer[i];
            if (c >= '0' && c <= '9') {
              if (field == 3 || digits == 9) {
                throw malformed();
              }
              fields[field] = 10 * fields[field] + c - '0';
              digits++;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
              if (digits > 0) {
                field++;
                digits = 0;
              }
              if (c == '\n') {
                endOfLine(fields, field);
                field = 0;
                line++;
              }
            } else {
              throw malformed();
            }
          }
        }
        endOfLine(fields, digits > 0 ? field + 1 : field);
        return this;
      } catch (NoSuchFileException e) {
        throw DataException.in(file, "is missing; expected IJB's pairs of templates", e);
      } catch (IOException e) {
        throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
      }
    }

    private void endOfLine(int[] fields, int field) {
      if (field == 0) {
        return;
      }
      if (field != 3 || fields[2] > 1) {
        throw malformed();
      }
      if (count == a.length) {
        a = Arrays.copyOf(a, count + (count >> 1));
        b = Arrays.copyOf(b, count + (count >> 1));
      }
      a[count] = template(fields[0]);
      b[count] = template(fields[1]);
      genuine.set(count, fields[2] == 1);
      count++;
      Arrays.fill(fields, 0);
    }

    private int template(int id) {
      int template = Arrays.binarySearch(members.ids, id);
      if (template < 0) {
        throw DataException.atLine(
            file, line, "compares the template " + id + ", which has no image");
      }
      return template;
    }

    private DataException malformed() {
      return DataException.atLine(file, line, "expected 'template template 0|1'");
    }
  }

  private static TemplateProtocol.Gallery gallery(Path file, Members members) {
    Map<Integer, Integer> subjectOf = new HashMap<>();
    List<String> columns = new ArrayList<>();
    TextLines.read(
        file,
        "a table of templates with template_id and subject_id",
        (line, text) -> {
          String[] fields = text.split(",", -1);
          if (columns.isEmpty()) {
            for (String field : fields) {
              columns.add(field.strip().toLowerCase(Locale.ROOT));
            }
            if (!columns.containsAll(List.of("template_id", "subject_id"))) {
              throw DataException.atLine(
                  file, line, "expected the columns template_id and subject_id, found " + columns);
            }
            return;
          }
          String template = field(fields, columns.indexOf("template_id"));
          String subject = field(fields, columns.indexOf("subject_id"));
          if (!Members.isNumber(template) || !Members.isNumber(subject)) {
            throw DataException.atLine(
                file, line, "expected numbers for template and subject: " + TextLines.quoted(text));
          }
          int id = Integer.parseInt(template);
          if (Arrays.binarySearch(members.ids, id) < 0) {
            throw DataException.atLine(file, line, "names the template " + id + ", without image");
          }
          Integer before = subjectOf.put(id, Integer.parseInt(subject));
          if (before != null && before != Integer.parseInt(subject)) {
            throw DataException.atLine(
                file, line, "says that template " + id + " shows two people");
          }
        });
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return new TemplateProtocol.Gallery(dot > 0 ? name.substring(0, dot) : name, subjectOf);
  }

  private static String field(String[] fields, int index) {
    return index < fields.length ? fields[index].strip() : "";
  }
}
