// A labelled list to choose from, as the browser draws it. Serves elements.py.
export default {
  template: `
    <div class="choice">
      <label :for="id">{{ label }}</label>
      <div class="both">
        <select :id="id" :value="value" @change="$emit('choose', { value: $event.target.value })" ref="list">
          <template v-for="one in options" :key="one.value">
            <option :value="one.value">{{ one.label }}</option>
          </template>
        </select>
        <slot></slot>
      </div>
    </div>
  `,
  props: { id: String, label: String, options: Array, value: String, turn: Number },
  emits: ["choose"],
  // A choice that the server refused comes back with another turn, and the list shows again what holds.
  watch: { turn() { this.$nextTick(() => { this.$refs.list.value = this.value; }); } },
};
