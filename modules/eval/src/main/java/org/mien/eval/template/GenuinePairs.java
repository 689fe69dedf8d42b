package org.mien.eval.template;

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
    int[] pairs = genuine(protocol);
    int[] identity = new int[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      Integer subject = subjects.get(protocol.templateId(protocol.pairA(pairs[i])));
      if (subject == null) {
        return Optional.empty();
      }
      Integer number = numbers.putIfAbsent(subject, numbers.size());
      identity[i] = number == null ? numbers.size() - 1 : number;
    }
    return Optional.of(new GenuinePairs(select(similarities, pairs), identity, numbers.size()));
  }

  /** Every genuine pair by itself, where it is not known whom it shows. */
  static GenuinePairs apart(TemplateProtocol protocol, float[] similarities) {
    int[] pairs = genuine(protocol);
    return new GenuinePairs(
        select(similarities, pairs), IntStream.range(0, pairs.length).toArray(), pairs.length);
  }

  private static int[] genuine(TemplateProtocol protocol) {
    return IntStream.range(0, protocol.pairs()).filter(protocol::genuine).toArray();
  }

  private static float[] select(float[] similarities, int[] pairs) {
    float[] selected = new float[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      selected[i] = similarities[pairs[i]];
    }
    return selected;
  }
}
