package org.mien.trainer.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mien.eval.metrics.Metric;
import org.mien.model.task.ModelTask;

/**
 * The figures of one task.
 *
 * @param task what was learned
 * @param metrics by the names of {@code metrics.json}
 * @param shown which images, in words
 */
public record TaskOutcome(ModelTask task, Map<String, Metric> metrics, String shown) {
  public TaskOutcome {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The name in {@code metrics.json}, {@code task.NAME}. */
  public String protocol() {
    return "task." + task.name();
  }
}
