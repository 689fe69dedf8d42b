(function () {
  'use strict';
  // Numbers beside the pointer. Without this script, the titles of the points do it.
  document.querySelectorAll('.chart svg').forEach(function (svg) {
    var tips = Array.prototype.slice.call(svg.querySelectorAll('.tip'));
    if (tips.length === 0) { return; }
    var told = document.createElement('output');
    told.className = 'told';
    told.hidden = true;
    svg.parentNode.appendChild(told);
    var texts = tips.map(function (tip) {
      var title = tip.querySelector('title');
      var text = title.textContent;
      // Else the browser shows its own beside ours.
      tip.removeChild(title);
      return text;
    });
    var shown = -1;
    function hide() {
      if (shown !== -1) { tips[shown].classList.remove('on'); }
      shown = -1;
      told.hidden = true;
    }
    function show(index) {
      if (index === shown) { return; }
      hide();
      shown = index;
      tips[index].classList.add('on');
      told.textContent = texts[index];
      told.hidden = false;
      var chart = svg.parentNode.getBoundingClientRect();
      var point = tips[index].getBoundingClientRect();
      var left = point.left + point.width / 2 - chart.left - told.offsetWidth / 2;
      told.style.left = Math.max(0, Math.min(left, chart.width - told.offsetWidth)) + 'px';
      var above = point.top - chart.top - told.offsetHeight - 6;
      told.style.top = (above >= 0 ? above : point.bottom - chart.top + 6) + 'px';
    }
    svg.addEventListener('pointermove', function (event) {
      var best = -1;
      var least = 40;
      tips.forEach(function (tip, index) {
        var box = tip.getBoundingClientRect();
        var distance = Math.hypot(
          box.left + box.width / 2 - event.clientX, box.top + box.height / 2 - event.clientY);
        if (least > distance) { least = distance; best = index; }
      });
      if (best === -1) { hide(); } else { show(best); }
    });
    svg.addEventListener('pointerleave', hide);
    svg.setAttribute('tabindex', '0');
    svg.addEventListener('blur', hide);
    svg.addEventListener('keydown', function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') { hide(); }
      if (!step) { return; }
      event.preventDefault();
      show((shown + step + tips.length) % tips.length);
    });
  });
  // Paper has no handles: what is folded is printed open.
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = Array.prototype.filter.call(document.querySelectorAll('details'), function (details) {
      return !details.open;
    });
    opened.forEach(function (details) { details.open = true; });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (details) { details.open = false; });
    opened = [];
  });
})();
