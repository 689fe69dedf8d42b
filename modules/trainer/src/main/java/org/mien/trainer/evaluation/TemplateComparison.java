package org.mien.trainer.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.identification.FpirRule;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.IdentificationOptions;
import org.mien.eval.identification.TemplateIdentification;
import org.mien.eval.metrics.Metric;
import org.mien.eval.template.PooledTemplates;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.template.TemplatePooling;
import org.mien.eval.template.TemplateVerification;
import org.mien.eval.template.TemplateVerificationOptions;
import org.mien.eval.template.TemplateVerificationResult;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;

/**
 * A protocol of templates, such as IJB-C's, on a model: 1:1, and 1:N where it names galleries.
 *
 * @param protocol which templates there are and which are compared
 * @param samples the images
 * @param pooling how a template is made of its images
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record TemplateComparison(
    TemplateProtocol protocol, FaceSamples samples, PoolingOptions pooling, Crop crop) {

  /**
   * What a run gave.
   *
   * @param protocol its name
   * @param verification the figures of 1:1, where the protocol compares pairs
   * @param identification the figures of 1:N, where it names galleries and probes
   */
  public record Outcome(
      String protocol,
      Optional<TemplateVerificationResult> verification,
      Optional<TemplateIdentification.Result> identification) {

    /**
     * Returns figures by protocol and name: {@code NAME} for 1:1, {@code NAME.identification} and
     * {@code NAME.identification.GALLERY} for 1:N.
     */
    public Map<String, Map<String, Metric>> metrics() {
      Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
      verification.ifPresent(result -> figures.put(protocol, result.metrics()));
      identification.ifPresent(
          found -> {
            String name = protocol + ".identification";
            figures.put(name, found.average().metrics());
            found
                .galleries()
                .forEach(one -> figures.put(name + "." + one.gallery(), one.result().metrics()));
          });
      return figures;
    }
  }

  /**
   * Runs the protocol.
   *
   * @throws org.mien.core.error.DataException if an image is missing or cannot be read
   */
  public Outcome run(Embedder model, SeedStreams seeds, Progress.Factory progress) {
    PooledTemplates templates =
        TemplatePooling.pool(
            protocol,
            TemplatePooling.imagesOf(
                protocol,
                new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
                    .extract(
                        protocol.name(),
                        NamedFaces.select(samples, protocol.keys(), protocol.name()))
                    .toMatrix()),
            pooling,
            progress);
    boolean compares = protocol.pairs() > 0;
    boolean searches = !protocol.galleries().isEmpty() && protocol.probes().isPresent();
    return new Outcome(
        protocol.name(),
        compares
            ? Optional.of(
                TemplateVerification.evaluate(
                    templates,
                    TemplateVerificationOptions.defaults(),
                    progress,
                    seeds.stream("bootstrap/" + protocol.name())))
            : Optional.empty(),
        searches
            ? Optional.of(
                TemplateIdentification.evaluate(
                    templates,
                    GalleryFusion.MEAN_EMBEDDING,
                    IdentificationOptions.defaults().withFpirRule(FpirRule.ABOVE_KTH),
                    Runtime.getRuntime().availableProcessors(),
                    progress,
                    seeds.stream("bootstrap/" + protocol.name() + "/identification")))
            : Optional.empty());
  }
}
