package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The course of training.
 *
 * @param epochs one row an epoch, in order
 * @param keptEpoch the epoch whose weights were kept, or null where it is the last
 * @param stopReason why training ended, as a sentence, or null
 * @param seconds wall-clock time of training, in seconds
 * @param imagesPerSecond images trained a second (each image counts once an epoch), or null
 * @param featureCacheHits images whose frozen backbone output came from the cache, or null
 * @param featureCacheMisses images the backbone had to run on, or null
 * @param waitingShare share of the time in which the backbone waited for decoded images, in [0, 1],
 *     or null where it did not run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSection(
    List<EpochScores> epochs,
    Integer keptEpoch,
    String stopReason,
    double seconds,
    Double imagesPerSecond,
    Long featureCacheHits,
    Long featureCacheMisses,
    Double waitingShare) {
  public TrainingSection {
    epochs = ReportParts.list(epochs);
  }
}
