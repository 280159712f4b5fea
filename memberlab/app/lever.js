// One lever: label, range, number or choice, help and fault. Serves lever_control.py.
// While it moves it says so at most twelve times a second ("move"); when it rests it says so once ("release").
const PAUSE = 80;

export default {
  template: `
    <div class="lever" :class="{ 'is-changed': isChanged, 'is-faulty': fault }" :data-address="address">
      <div class="lever-head">
        <label :for="id">{{ label }}</label>
        <span v-if="context" class="lever-context">{{ context }}</span>
        <button v-if="isChanged" type="button" class="lever-back" @click="back"
                :aria-label="'Set ' + spoken + ' back to ' + told(original)">was {{ told(original) }}</button>
      </div>
      <div class="lever-body">
        <template v-if="kind === 'number'">
          <input type="range" :min="minimum" :max="maximum" :step="step" :value="isWord ? minimum : current"
                 :disabled="isWord" :aria-label="spoken + ', slider'" :aria-valuetext="told(current)" tabindex="-1"
                 @input="slide" @change="release" />
          <span class="lever-number">
            <input :id="id" type="number" :min="hardMinimum" :max="hardMaximum" step="any" :value="isWord ? '' : current"
                   :disabled="isWord" :aria-describedby="id + '-help'" :aria-invalid="Boolean(fault)"
                   @input="type" @change="release" @keydown.up.prevent="nudge(1)" @keydown.down.prevent="nudge(-1)" />
            <span class="lever-unit">{{ unit }}</span>
          </span>
          <label v-if="word" class="lever-word">
            <input type="checkbox" :checked="isWord" :aria-label="spoken + ': ' + word" @change="toggleWord" />{{ word }}
          </label>
        </template>
        <select v-else-if="kind === 'choice'" :id="id" :value="String(current)" :aria-describedby="id + '-help'"
                :aria-invalid="Boolean(fault)" @change="choose">
          <option v-for="one in choices" :key="one" :value="one">{{ one }}</option>
        </select>
        <input v-else-if="kind === 'switch'" :id="id" type="checkbox" role="switch" class="lever-switch"
               :checked="current === true" :aria-describedby="id + '-help'" @change="flip" />
        <input v-else :id="id" type="text" class="lever-text" :value="current" :aria-describedby="id + '-help'"
               :aria-invalid="Boolean(fault)" @input="write" @change="release" />
      </div>
      <p :id="id + '-help'" class="lever-help">{{ help }} <span v-if="allowed" class="lever-allowed">{{ allowed }}</span></p>
      <p v-if="fault" class="lever-fault" role="alert">{{ fault }}</p>
    </div>
  `,
  props: {
    address: String, label: String, context: String, spoken: String, help: String, allowed: String, unit: String,
    kind: String, minimum: Number, maximum: Number, step: Number, hardMinimum: Number, hardMaximum: Number,
    choices: Array, word: String, value: null, original: null, fault: String,
  },
  emits: ["move", "release"],
  data() {
    return { id: "lever-" + this.address.replaceAll(".", "-"), current: this.value, timer: null, sent: 0, last: this.value };
  },
  computed: {
    isChanged() { return String(this.current) !== String(this.original); },
    isWord() { return Boolean(this.word) && this.current === this.word; },
  },
  watch: {
    value(fresh) { this.current = fresh; },
  },
  unmounted() { clearTimeout(this.timer); },
  methods: {
    told(value) {
      if (value === true) return "on";
      if (value === false) return "off";
      return value === this.word || !this.unit ? String(value) : value + " " + this.unit;
    },
    slide(event) { this.move(Number(event.target.value)); },
    type(event) { if (event.target.value !== "") this.move(Number(event.target.value)); },
    write(event) { this.move(event.target.value); },
    choose(event) { this.move(event.target.value); this.release(); },
    flip(event) { this.move(event.target.checked); this.release(); },
    back() { this.move(this.original); this.release(); },
    toggleWord(event) {
      if (event.target.checked) { this.last = this.isWord ? this.minimum : this.current; this.move(this.word); }
      else this.move(this.last === this.word ? this.minimum : this.last);
      this.release();
    },
    nudge(sign) {
      const moved = Number(this.current) + sign * this.step;
      const most = this.hardMaximum ?? Infinity, least = this.hardMinimum ?? -Infinity;
      this.move(Math.min(most, Math.max(least, Number(moved.toFixed(6)))));
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.release(), 400);
    },
    move(value) {
      this.current = value;
      clearTimeout(this.timer);
      const wait = Math.max(0, this.sent + PAUSE - Date.now());
      this.timer = setTimeout(() => this.say("move"), wait);
    },
    release() { clearTimeout(this.timer); this.say("release"); },
    say(event) { this.timer = null; this.sent = Date.now(); this.$emit(event, { value: this.current }); },
  },
};
