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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * IJB-B and IJB-C with InsightFace's lists (B. Maze et al.: IARPA Janus Benchmark C, ICB 2018):
 * {@code meta/ijbc_face_tid_mid.txt} (image, template, medium), {@code
 * meta/ijbc_template_pair_label.txt} (template, template, 0 or 1), and, for identification, tables
 * of galleries and probes with the columns {@code template_id} and {@code subject_id}. Where tables
 * say who both templates of a pair show, the pair must agree.
 *
 * @param members the list of images with template and medium
 * @param pairs the pairs of templates
 * @param galleries tables of the galleries, which stay apart
 * @param probes table of the probes
 * @param points five points and detector scores; templates may be pooled by the latter
 */
@TypeName("ijb")
public record IjbConfig(
    @Setting("ijbc_face_tid_mid.txt: image, template, medium.") Path members,
    @Setting("ijbc_template_pair_label.txt: template, template, 0 or 1.") Path pairs,
    @Setting(
            value = "CSV tables of the galleries, with template_id and subject_id.",
            defaultValue = "[]")
        List<Path> galleries,
    @Setting("CSV table of the probes, with template_id and subject_id.") Optional<Path> probes,
    @Setting("ijbc_name_5pts_score.txt, for the detector's scores.") Optional<Path> points)
    implements ProtocolConfig {
  private static final int BUFFER = 1 << 20;
  private static final int LARGEST_TABLE = 1 << 24;

  public IjbConfig {
    galleries = List.copyOf(galleries);
  }

  @Override
  public TemplateProtocol open() {
    IjbMembers list = IjbMembers.read(members);
    Templates templates = new Templates(list);
    List<TemplateProtocol.Gallery> searched =
        galleries.stream().map(file -> gallery(file, templates)).toList();
    Optional<TemplateProtocol.Gallery> lookedFor = probes.map(file -> gallery(file, templates));
    int[] subjects = subjects(templates, searched, lookedFor);
    Pairs compared = new Pairs(pairs, templates, subjects).read();
    String name = members.getFileName().toString();
    return new TemplateProtocol(
        name.startsWith("ijbb") ? "ijb-b" : name.startsWith("ijbc") ? "ijb-c" : "ijb",
        list,
        points.map(file -> IjbPoints.read(file, list)),
        templates.ids,
        templates.firstMember,
        templates.order,
        Arrays.copyOf(compared.a, compared.count),
        Arrays.copyOf(compared.b, compared.count),
        compared.genuine,
        searched,
        lookedFor);
  }

  /** Returns the subject of each template, or -1 where no table names it. */
  private int[] subjects(
      Templates templates,
      List<TemplateProtocol.Gallery> searched,
      Optional<TemplateProtocol.Gallery> lookedFor) {
    int[] subjects = new int[templates.ids.length];
    Arrays.fill(subjects, -1);
    for (int table = 0; table <= searched.size(); table++) {
      if (table == searched.size() && lookedFor.isEmpty()) {
        break;
      }
      TemplateProtocol.Gallery one =
          table < searched.size() ? searched.get(table) : lookedFor.get();
      Path file = table < searched.size() ? galleries.get(table) : probes.get();
      one.subjectOf()
          .forEach(
              (id, subject) -> {
                int template = templates.number(id);
                if (subjects[template] >= 0 && subjects[template] != subject) {
                  throw DataException.in(
                      file,
                      "says that template "
                          + id
                          + " shows subject "
                          + subject
                          + "; an earlier table"
                          + " says "
                          + subjects[template]);
                }
                subjects[template] = subject;
              });
    }
    return subjects;
  }

  /** The images grouped by template. */
  private static final class Templates {
    private final int[] ids;
    private final int[] firstMember;
    private final int[] order;

    /** Number by id, for pairs are many; empty where ids are too large for a table. */
    private final int[] numberOf;

    Templates(IjbMembers members) {
      // Template above and image below in one number, so that sorting them keeps the list's order.
      long[] both = new long[members.size()];
      for (int image = 0; image < both.length; image++) {
        both[image] = (long) members.template(image) << 32 | image;
      }
      Arrays.sort(both);
      order = Arrays.stream(both).mapToInt(one -> (int) one).toArray();
      ids = Arrays.stream(both).mapToInt(one -> (int) (one >> 32)).distinct().toArray();
      firstMember = new int[ids.length + 1];
      int member = 0;
      for (int template = 0; template < ids.length; template++) {
        firstMember[template] = member;
        while (member < order.length && members.template(order[member]) == ids[template]) {
          member++;
        }
      }
      firstMember[ids.length] = member;
      int highest = ids[ids.length - 1];
      numberOf = new int[highest < LARGEST_TABLE ? highest + 1 : 0];
      Arrays.fill(numberOf, -1);
      for (int template = 0; template < ids.length && numberOf.length > 0; template++) {
        numberOf[ids[template]] = template;
      }
    }

    /** Returns the number of a template, or less than 0 if it has no image. */
    int number(int id) {
      if (numberOf.length == 0) {
        return Arrays.binarySearch(ids, id);
      }
      return id < numberOf.length ? numberOf[id] : -1;
    }
  }

  /** The pairs of templates; there are millions, so bytes are parsed rather than lines split. */
  private static final class Pairs {
    private final Path file;
    private final Templates templates;
    private final int[] subjects;
    private final BitSet genuine = new BitSet();
    private int[] a = new int[1 << 16];
    private int[] b = new int[1 << 16];
    private int count;
    private long line = 1;

    // Where in the line the parser is; a line may lie in two buffers.
    private final int[] fields = new int[3];
    private int field;
    private int digits;
    private int value;

    Pairs(Path file, Templates templates, int[] subjects) {
      this.file = file;
      this.templates = templates;
      this.subjects = subjects;
    }

    Pairs read() {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          parse(buffer, read);
        }
        if (digits > 0) {
          field++;
        }
        endOfLine();
        if (count == 0) {
          throw DataException.in(file, "holds no pair; expected 'template template 0|1'");
        }
        return this;
      } catch (NoSuchFileException e) {
        throw DataException.in(file, "is missing; expected IJB's pairs of templates", e);
      } catch (IOException e) {
        throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
      }
    }

    private void parse(byte[] buffer, int length) {
      for (int i = 0; i < length; i++) {
        int c = buffer[i];
        if (c >= '0' && c <= '9') {
          if (field == 3 || digits == 9) {
            throw malformed();
          }
          value = 10 * value + c - '0';
          digits++;
          fields[field] = value;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
          if (digits > 0) {
            field++;
            digits = 0;
            value = 0;
          }
          if (c == '\n') {
            endOfLine();
            line++;
          }
        } else {
          throw malformed();
        }
      }
    }

    private void endOfLine() {
      if (field == 0) {
        return;
      }
      if (field != 3 || fields[2] > 1) {
        throw malformed();
      }
      field = 0;
      if (count == a.length) {
        a = Arrays.copyOf(a, count + (count >> 1));
        b = Arrays.copyOf(b, count + (count >> 1));
      }
      a[count] = template(fields[0]);
      b[count] = template(fields[1]);
      boolean same = fields[2] == 1;
      int subjectA = subjects[a[count]];
      int subjectB = subjects[b[count]];
      if (subjectA >= 0 && subjectB >= 0 && same != (subjectA == subjectB)) {
        throw DataException.atLine(
            file,
            line,
            String.format(
                Locale.ROOT,
                "says %d of templates %d and %d, whose subjects in the tables are %d and %d",
                fields[2],
                fields[0],
                fields[1],
                subjectA,
                subjectB));
      }
      genuine.set(count, same);
      count++;
    }

    private int template(int id) {
      int template = templates.number(id);
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

  private static TemplateProtocol.Gallery gallery(Path file, Templates templates) {
    TemplateProtocol.Gallery gallery = readGallery(file);
    for (int id : new TreeSet<>(gallery.subjectOf().keySet())) {
      if (templates.number(id) < 0) {
        throw DataException.in(file, "names the template " + id + ", which has no image");
      }
    }
    return gallery;
  }

  /**
   * Reads a table of a gallery or of probes: comma-separated with a heading, of which {@code
   * template_id} and {@code subject_id} are used; a template may have several lines.
   *
   * @throws DataException naming the line at fault
   */
  public static TemplateProtocol.Gallery readGallery(Path file) {
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
          if (!IjbMembers.isNumber(template) || !IjbMembers.isNumber(subject)) {
            throw DataException.atLine(
                file, line, "expected numbers for template and subject: " + TextLines.quoted(text));
          }
          int id = Integer.parseInt(template);
          Integer before = subjectOf.put(id, Integer.parseInt(subject));
          if (before != null && before != Integer.parseInt(subject)) {
            throw DataException.atLine(
                file, line, "says that template " + id + " shows two people");
          }
        });
    if (subjectOf.isEmpty()) {
      throw DataException.in(file, "names no template");
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return new TemplateProtocol.Gallery(dot > 0 ? name.substring(0, dot) : name, subjectOf);
  }

  private static String field(String[] fields, int index) {
    return index < fields.length ? fields[index].strip() : "";
  }
}
