package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;
import org.mien.eval.metrics.MetricsFile;

/**
 * Everything the report of one training or evaluation run shows.
 *
 * <p>Absent sections are null (or empty lists); the report leaves them out and names them under
 * "What was not tested". Rates and accuracies are fractions in [0, 1] everywhere, never percent.
 *
 * @param schema version of the format, {@value #SCHEMA}
 * @param title what was run, for the head of the page
 * @param createdAt when the run ended, ISO-8601 such as {@code 2026-11-24T09:30:00Z}
 * @param summary what was run on what
 * @param keyFigures the few figures a reader should see first, in order
 * @param baseline the trained head beside a method without training, or null
 * @param classification naming known people, or null
 * @param tasks figures of what was learned besides identity, such as an age or an expression; empty
 *     where nothing was
 * @param verification same person or not, one section a protocol, in order; empty where not tested
 * @param training the course of training, or null where nothing was trained
 * @param data counts of images and what was skipped, or null
 * @param exports exported files with their parity check; empty where nothing was exported
 * @param resolvedConfig the configuration as YAML with every default filled in, or null
 * @param provenance origin of the run (commit, Java, system, seed, hashes ...), in the order shown
 * @param notTested what the reader might expect and the run did not test, one sentence each
 * @param metrics the content of {@code metrics.json}, for the complete table, or null
 * @param identification who it is among many, one section a protocol; empty where not tested
 * @param templates templates compared one to one; empty where not tested
 * @param fairness error rates by group, one section an attribute; empty where not tested
 * @param strata error rates by a quantity of the pair; empty where not tested
 * @param comparisons two models on the same pairs; empty where not compared
 * @param worstPairs the worst pairs and people, one section a protocol; empty where not kept
 * @param embeddingMap embeddings as points of a plane, or null
 * @param performance speed and size, or null
 * @param acquisition images without an embedding, or null where that was not counted
 * @param overlap people both trained on and tested; empty where not compared
 * @param engines the embeddings beside those of another engine, or null where not compared
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportData(
    int schema,
    String title,
    String createdAt,
    RunSummary summary,
    List<KeyFigure> keyFigures,
    BaselineComparison baseline,
    ClassificationSection classification,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<KeyFigure> tasks,
    List<VerificationSection> verification,
    TrainingSection training,
    DataSection data,
    List<ExportSection> exports,
    String resolvedConfig,
    Map<String, String> provenance,
    List<String> notTested,
    MetricsFile metrics,
    List<IdentificationSection> identification,
    List<TemplateSection> templates,
    List<FairnessSection> fairness,
    List<StrataSection> strata,
    List<ComparisonSection> comparisons,
    List<WorstPairsSection> worstPairs,
    EmbeddingMap embeddingMap,
    PerformanceSection performance,
    AcquisitionSection acquisition,
    List<OverlapSection> overlap,
    EngineSection engines) {

  /** The version of the format this code writes and reads. */
  public static final int SCHEMA = 1;

  /** The name of the file inside a run folder. */
  public static final String FILE_NAME = "report-data.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  public ReportData {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(summary, "summary");
    keyFigures = ReportParts.list(keyFigures);
    tasks = ReportParts.list(tasks);
    verification = ReportParts.list(verification);
    exports = ReportParts.list(exports);
    provenance = ReportParts.map(provenance);
    notTested = ReportParts.list(notTested);
    identification = ReportParts.list(identification);
    templates = ReportParts.list(templates);
    fairness = ReportParts.list(fairness);
    strata = ReportParts.list(strata);
    comparisons = ReportParts.list(comparisons);
    worstPairs = ReportParts.list(worstPairs);
    overlap = ReportParts.list(overlap);
  }

  /** Returns a builder; title, time and summary are required, all else may stay absent. */
  public static ReportDataBuilder builder(String title, String createdAt, RunSummary summary) {
    return new ReportDataBuilder(title, createdAt, summary);
  }

  /** Returns this content as JSON; {@link #fromJson} reads it back equal. */
  public String toJson() {
    try {
      return MAPPER.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("report data of plain records can always be written", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param source the file it came from, for messages
   * @throws DataException where the text is not JSON, has unknown or missing parts, or is of
   *     another version
   */
  public static ReportData fromJson(String json, Path source) {
    ReportData data;
    try {
      data = MAPPER.readValue(json, ReportData.class);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? -1 : e.getLocation().getLineNr();
      String problem = "is not the data of a report: " + e.getOriginalMessage();
      if (line > 0) {
        throw new DataException(source + ":" + line + ": " + problem, e);
      }
      throw DataException.in(source, problem, e);
    }
    if (data == null || data.schema() != SCHEMA) {
      throw DataException.in(
          source,
          "expected the data of a report with schema "
              + SCHEMA
              + ", found "
              + (data == null ? "null" : "schema " + data.schema()));
    }
    return data;
  }

  /**
   * Reads {@value #FILE_NAME}.
   *
   * @throws DataException where the file cannot be read or is not the data of a report
   */
  public static ReportData read(Path file) {
    String json;
    try {
      json = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw DataException.in(
          file, "cannot be read as UTF-8 text (" + e.getClass().getSimpleName() + ")", e);
    }
    return fromJson(json, file);
  }

  /**
   * Writes the JSON to a temporary name beside {@code file}, then moves it there.
   *
   * @throws DataException where it cannot be written; an older file is then unharmed
   */
  public void write(Path file) {
    AtomicFiles.writeString(file, toJson());
  }
}
