package org.mien.eval.template;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.data.protocol.TemplateProtocol;

/**
 * The genuine pairs with who they show.
 *
 * @param similarity of each
 * @param identity of each, numbered from 0
 * @param identities how many
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GenuinePairs(float[] similarity, int[] identity, int identities) {

  /** Empty where the tables do not name both templates' person for every genuine pair. */
  static Optional<GenuinePairs> of(TemplateProtocol protocol, float[] similarities) {
    Map<Integer, Integer> subjects = new HashMap<>();
    protocol.galleries().forEach(gallery -> subjects.putAll(gallery.subjectOf()));
    protocol.probes().ifPresent(probes -> subjects.putAll(probes.subjectOf()));
    Map<Integer, Integer> numbers = new HashMap<>();
    float[] similarity = new float[similarities.length];
    int[] identity = new int[similarities.length];
    int count = 0;
    for (int pair = 0; pair < similarities.length; pair++) {
      if (protocol.genuine(pair)) {
        Integer subject = subjects.get(protocol.templateId(protocol.pairA(pair)));
        if (subject == null) {
          return Optional.empty();
        }
        similarity[count] = similarities[pair];
        Integer number = numbers.putIfAbsent(subject, numbers.size());
        identity[count++] = number == null ? numbers.size() - 1 : number;
      }
    }
    return Optional.of(
        new GenuinePairs(
            Arrays.copyOf(similarity, count), Arrays.copyOf(identity, count), numbers.size()));
  }

  /** Every genuine pair by itself, where it is not known whom it shows. */
  static GenuinePairs apart(TemplateProtocol protocol, float[] similarities) {
    float[] similarity = new float[similarities.length];
    int count = 0;
    for (int pair = 0; pair < similarities.length; pair++) {
      if (protocol.genuine(pair)) {
        similarity[count++] = similarities[pair];
      }
    }
    return new GenuinePairs(
        Arrays.copyOf(similarity, count), IntStream.range(0, count).toArray(), count);
  }
}
