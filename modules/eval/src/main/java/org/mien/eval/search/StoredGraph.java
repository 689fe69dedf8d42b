package org.mien.eval.search;

import java.util.Arrays;
import java.util.PrimitiveIterator;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.apache.lucene.util.hnsw.NeighborArray;
import org.apache.lucene.util.hnsw.OnHeapHnswGraph;

/**
 * A finished graph in a few arrays, as it lies in its file. Not for several threads: it remembers
 * where a walk is. {@link #walk} gives another one on the same arrays.
 */
final class StoredGraph extends HnswGraph {

  /** One layer. */
  static final class Layer {
    /** Rows of the gallery on this layer, ascending; null on the lowest, which has all. */
    final int[] nodes;

    /** Where each node's links end in {@link #links}; they begin where the last ones end. */
    final int[] ends;

    /** Rows of the gallery. */
    final int[] links;

    Layer(int[] nodes, int[] ends, int[] links) {
      this.nodes = nodes;
      this.ends = ends;
      this.links = links;
    }

    int place(int node) {
      return nodes == null ? node : Arrays.binarySearch(nodes, node);
    }
  }

  private final Layer[] layers;
  private final int entry;
  private int[] links;
  private int next;
  private int end;

  StoredGraph(Layer[] layers, int entry) {
    this.layers = layers;
    this.entry = entry;
  }

  static StoredGraph of(OnHeapHnswGraph built) {
    Layer[] layers = new Layer[built.numLevels()];
    for (int level = 0; level < layers.length; level++) {
      int[] nodes = nodes(built, level);
      int[] ends = new int[nodes.length];
      int count = 0;
      for (int i = 0; i < nodes.length; i++) {
        count = Math.addExact(count, built.getNeighbors(level, nodes[i]).size());
        ends[i] = count;
      }
      int[] links = new int[count];
      for (int i = 0; i < nodes.length; i++) {
        NeighborArray some = built.getNeighbors(level, nodes[i]);
        System.arraycopy(some.nodes(), 0, links, ends[i] - some.size(), some.size());
      }
      layers[level] = new Layer(level == 0 ? null : nodes, ends, links);
    }
    return new StoredGraph(layers, built.entryNode());
  }

  private static int[] nodes(OnHeapHnswGraph graph, int level) {
    PrimitiveIterator.OfInt all = graph.getNodesOnLevel(level);
    int[] nodes = new int[level == 0 ? graph.size() : 16];
    int count = 0;
    while (all.hasNext()) {
      if (count == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * count);
      }
      nodes[count++] = all.nextInt();
    }
    nodes = Arrays.copyOf(nodes, count);
    Arrays.sort(nodes);
    return nodes;
  }

  StoredGraph walk() {
    return new StoredGraph(layers, entry);
  }

  Layer[] layers() {
    return layers;
  }

  @Override
  public void seek(int level, int node) {
    Layer layer = layers[level];
    int place = layer.place(node);
    links = layer.links;
    next = place == 0 ? 0 : layer.ends[place - 1];
    end = layer.ends[place];
  }

  @Override
  public int nextNeighbor() {
    return next < end ? links[next++] : DocIdSetIterator.NO_MORE_DOCS;
  }

  @Override
  public int size() {
    return layers[0].ends.length;
  }

  @Override
  public int numLevels() {
    return layers.length;
  }

  @Override
  public int entryNode() {
    return entry;
  }

  @Override
  public NodesIterator getNodesOnLevel(int level) {
    return level == 0
        ? new ArrayNodesIterator(size())
        : new ArrayNodesIterator(layers[level].nodes, layers[level].nodes.length);
  }
}
