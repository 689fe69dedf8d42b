package org.mien.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.MetricsFile;

/** Collects the parts of a {@link ReportData}; what is not set stays absent. */
public final class ReportDataBuilder {
  private final String title;
  private final String createdAt;
  private final RunSummary summary;
  private final List<KeyFigure> keyFigures = new ArrayList<>();
  private final List<KeyFigure> tasks = new ArrayList<>();
  private final List<VerificationSection> verification = new ArrayList<>();
  private final List<ExportSection> exports = new ArrayList<>();
  private final Map<String, String> provenance = new LinkedHashMap<>();
  private final List<String> notTested = new ArrayList<>();
  private final List<IdentificationSection> identification = new ArrayList<>();
  private final List<TemplateSection> templates = new ArrayList<>();
  private final List<FairnessSection> fairness = new ArrayList<>();
  private final List<StrataSection> strata = new ArrayList<>();
  private final List<ComparisonSection> comparisons = new ArrayList<>();
  private final List<WorstPairsSection> worstPairs = new ArrayList<>();
  private final List<OverlapSection> overlap = new ArrayList<>();
  private BaselineComparison baseline;
  private ClassificationSection classification;
  private TrainingSection training;
  private DataSection data;
  private String resolvedConfig;
  private MetricsFile metrics;
  private EmbeddingMap embeddingMap;
  private PerformanceSection performance;
  private AcquisitionSection acquisition;
  private EngineSection engines;

  ReportDataBuilder(String title, String createdAt, RunSummary summary) {
    this.title = title;
    this.createdAt = createdAt;
    this.summary = summary;
  }

  /** Adds a figure for the head of the page. */
  public ReportDataBuilder keyFigure(KeyFigure figure) {
    keyFigures.add(figure);
    return this;
  }

  /** Sets the comparison with a method without training. */
  public ReportDataBuilder baseline(BaselineComparison comparison) {
    baseline = comparison;
    return this;
  }

  /** Sets the section on naming known people. */
  public ReportDataBuilder classification(ClassificationSection section) {
    classification = section;
    return this;
  }

  /** Adds a figure of something learned besides identity. */
  public ReportDataBuilder task(KeyFigure figure) {
    tasks.add(figure);
    return this;
  }

  /** Adds a verification protocol. */
  public ReportDataBuilder verification(VerificationSection section) {
    verification.add(section);
    return this;
  }

  /** Sets the course of training. */
  public ReportDataBuilder training(TrainingSection section) {
    training = section;
    return this;
  }

  /** Sets the section on the images. */
  public ReportDataBuilder data(DataSection section) {
    data = section;
    return this;
  }

  /** Adds an exported file. */
  public ReportDataBuilder export(ExportSection section) {
    exports.add(section);
    return this;
  }

  /** Sets the resolved configuration as YAML. */
  public ReportDataBuilder resolvedConfig(String yaml) {
    resolvedConfig = yaml;
    return this;
  }

  /** Adds one line on the origin of the run. */
  public ReportDataBuilder provenance(String name, String value) {
    provenance.put(name, value);
    return this;
  }

  /** Adds one sentence on what the run did not test. */
  public ReportDataBuilder notTested(String sentence) {
    notTested.add(sentence);
    return this;
  }

  /** Sets the content of {@code metrics.json}. */
  public ReportDataBuilder metrics(MetricsFile file) {
    metrics = file;
    return this;
  }

  /** Adds an identification protocol. */
  public ReportDataBuilder identification(IdentificationSection section) {
    identification.add(section);
    return this;
  }

  /** Adds a comparison of templates. */
  public ReportDataBuilder template(TemplateSection section) {
    templates.add(section);
    return this;
  }

  /** Adds the error rates by the groups of one attribute. */
  public ReportDataBuilder fairness(FairnessSection section) {
    fairness.add(section);
    return this;
  }

  /** Adds the error rates by one quantity of the pair. */
  public ReportDataBuilder strata(StrataSection section) {
    strata.add(section);
    return this;
  }

  /** Adds a comparison with another model. */
  public ReportDataBuilder comparison(ComparisonSection section) {
    comparisons.add(section);
    return this;
  }

  /** Adds the worst pairs and people of a protocol. */
  public ReportDataBuilder worstPairs(WorstPairsSection section) {
    worstPairs.add(section);
    return this;
  }

  /** Adds what training and one test have in common. */
  public ReportDataBuilder overlap(OverlapSection section) {
    overlap.add(section);
    return this;
  }

  /** Sets the map of embeddings. */
  public ReportDataBuilder embeddingMap(EmbeddingMap section) {
    embeddingMap = section;
    return this;
  }

  /** Sets speed and size. */
  public ReportDataBuilder performance(PerformanceSection section) {
    performance = section;
    return this;
  }

  /** Sets the count of images without an embedding. */
  public ReportDataBuilder acquisition(AcquisitionSection section) {
    acquisition = section;
    return this;
  }

  /** Sets the comparison with another engine. */
  public ReportDataBuilder engines(EngineSection section) {
    engines = section;
    return this;
  }

  /** Returns the data collected so far. */
  public ReportData build() {
    return new ReportData(
        ReportData.SCHEMA,
        title,
        createdAt,
        summary,
        keyFigures,
        baseline,
        classification,
        tasks,
        verification,
        training,
        data,
        exports,
        resolvedConfig,
        provenance,
        notTested,
        metrics,
        identification,
        templates,
        fairness,
        strata,
        comparisons,
        worstPairs,
        embeddingMap,
        performance,
        acquisition,
        overlap,
        engines);
  }
}
